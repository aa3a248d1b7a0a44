"""What was to be a mark or a link, and would stand on the page as it was typed."""

import pytest

from gen.core.errors import BadProse
from gen.publish import half_typed
from gen.publish.drawing import Plan, draw

PAGE = "---\ntitle: One\n---\n\n# One\n\nIt is so. {{ ours() }}\n"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("The [[seed] again.", "'[[seed' is half a mark; write [[word]] or [[words|term]]"),
        ("The [seed]] again.", "'[seed]]' is half a mark; write [[word]]"),
        ("So it is [@sd:steps and more.", "'[@sd:steps' is half a mark; write [@source:fact]"),
        ("So it is (@sd:steps).", "'(@sd:steps' is half a mark; write [@source:fact]"),
        ("So it is @sd:steps].", "'@sd:steps' is half a mark; write [@source:fact]"),
        ("It is { measured('word', 'x') }.", "half a mark; write {{ mark() }}"),
        ("It is measured('word', 'x').", "half a mark; write {{ mark() }}"),
        ("It is measured('word') }} so.", "half a mark; write {{ mark() }}"),
        ("It is {{ measured('word', 'x').", "correct the {{ … }} there"),
        ("It is {% if x so.", "half a mark; write {% … %}"),
        ("See [there](steps.md now.", "'](steps.md' is half a mark; write [words](page.md)"),
        ("See [there]() now.", "']()' is half a mark; write [words](page.md)"),
        ("See [there](some steps.md) now.", "half a mark; write [words](page.md)"),
        ("See [there(steps.md) now.", "'(steps.md)' is half a mark; write [words](page.md)"),
        ("See there](steps.md#top).", "'](steps.md#top)' is half a mark; write [words](page.md)"),
        ("| a | b |\n| - | - |\n| 1 | [[seed] |", "'[[seed' is half a mark"),
    ],
)
def test_a_mark_typed_by_half_is_told_with_its_line(materials, typed, says):
    with pytest.raises(BadProse) as raised:
        draw(Plan("a.md", f"{PAGE}\n{typed} {{{{ ours() }}}}\n"), materials)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"docs/a.md:{9 + typed.count(chr(10))}: ") and says in line


def test_every_line_with_a_mark_typed_by_half_is_told_at_once():
    with pytest.raises(BadProse) as raised:
        half_typed.refuse("a.md", f"{PAGE}[[one] and [@sd:two\n\nand [three](four\n")
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        "docs/a.md:8",
        "docs/a.md:10",
    ]


def test_front_matter_that_does_not_end_is_told_as_that(materials):
    with pytest.raises(BadProse) as raised:
        draw(Plan("a.md", "---\ntitle: One\n\n# One\n\nSo. {{ ours() }}\n"), materials)
    assert str(raised.value) == "docs/a.md:1: front matter without its end; write --- below it"


@pytest.mark.parametrize(
    "typed",
    [
        "`[[seed]` and `{{ measured(` are typed so.",
        "```\n[[seed] {{ measured( [a](b\n```",
        'See [it](steps.md#a-b), [it](x.md "a title"), [two\nlines](<x.md>), [it](a(b).md).',
        "See [![a picture](x.webp)](steps.md) and [a][b].",
        "What we made (see there) and what was shown (there).",
        "{# [[seed] #} One [2] or [3] of f(x) = {1, 2}.",
    ],
)
def test_what_is_whole_or_is_no_mark_passes(typed):
    half_typed.refuse("a.md", PAGE + typed)
