"""Links in prose to pages that are not there."""

import pytest

from gen.core.errors import BadProse
from gen.publish import astray

PAGES = ("index.md", "steps.md", "measurements/word.md", "ideas/red.md", "papers/index.md")


@pytest.mark.parametrize(
    ("path", "link", "says"),
    [
        ("index.md", "[x](step.md)", "step.md: no such page; did you mean steps.md?"),
        ("index.md", "[x](step.md#a)", "step.md: no such page; did you mean steps.md?"),
        ("index.md", '[x](step.md "title")', "step.md: no such page; did you mean steps.md?"),
        ("index.md", "[x](<zzz.md>)", "zzz.md: no such page; correct the path"),
        ("papers/a.md", "[x](steps.md)", "steps.md: no such page; did you mean ../steps.md?"),
        (
            "papers/a.md",
            "[x](../ideas/rad.md)",
            "../ideas/rad.md: no such page; did you mean",
        ),
    ],
)
def test_a_link_to_no_page_is_told_with_its_line_and_what_was_meant(path, link, says, tmp_path):
    with pytest.raises(BadProse) as caught:
        astray.refuse({path: f"# One\n\n[fine]({link and '#top'})\nand {link}.\n"}, PAGES, tmp_path)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"docs/{path}:4: {says}")


def test_links_to_pages_addresses_and_code_pass_and_all_faults_are_told_at_once(tmp_path):
    fine = "[a](steps.md) [b](measurements/word.md#row) [c](#x) [d](x.png) `[e](no.md)`\n"
    fine += "```\n[f](no.md)\n```\n[g]({{ up }}no.md) [h](https://x.example/no.md)\n"
    fine += "<!-- [i](no.md) --> {# [j](no.md) #} <code>[l](no.md)</code>\n"
    fine += "[m](my%20page.md) [n](<my page.md>)\n"
    pages = (*PAGES, "my page.md")
    astray.refuse({"index.md": fine, "measurements/index.md": "[a](word.md)"}, pages, tmp_path)
    with pytest.raises(BadProse) as caught:
        astray.refuse(
            {"index.md": "[a](no.md)\n[b](nor.md)", "steps.md": "[c](no.md)"}, PAGES, tmp_path
        )
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "docs/index.md:1",
        "docs/index.md:2",
        "docs/steps.md:1",
    ]


def test_a_page_that_waits_until_it_is_measured_says_with_what(tmp_path):
    (tmp_path / "measurements").mkdir()
    (tmp_path / "measurements" / "new.md").touch()
    with pytest.raises(BadProse, match="no such page; it waits until it is measured: run python"):
        astray.refuse({"index.md": "[a](measurements/new.md)"}, PAGES, tmp_path)
