"""A page loads what its own elements need, and nothing of what others need."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish.html import unused_assets as trimmed

HEAD = (
    '<link rel="stylesheet" href="../assets/css/lab.css">'
    '<link rel="stylesheet" href="../assets/css/text.css">'
    '<script src="../assets/js/lab.js" defer></script>'
    '<script src="../assets/js/my-lab.js" defer></script>'
)
ONLY_WITH = {"assets/css/lab.css": "a-lab, b-lab", "assets/js/lab.js": "a-lab[id]"}


def trim(page: str) -> str:
    return trimmed.trimmed(page, LexborHTMLParser(page), ONLY_WITH)


def test_a_page_without_the_element_loses_its_files_and_no_others():
    assert trim(f"{HEAD}<p>A-lab</p>") == (
        '<link rel="stylesheet" href="../assets/css/text.css">'
        '<script src="../assets/js/my-lab.js" defer></script><p>A-lab</p>'
    )


def test_a_page_keeps_each_file_whose_selector_finds_something():
    with_both = f"{HEAD}<a-lab id=x></a-lab>"
    assert trim(with_both) == with_both
    with_one = trim(f"{HEAD}<b-lab></b-lab>")
    assert "css/lab.css" in with_one
    assert "js/lab.js" not in with_one


def test_a_page_at_the_top_of_a_host_loses_them_too():
    page = '<link rel="stylesheet" href="/deep/assets/css/lab.css">'
    page += '<script src="assets/js/lab.js"></script>'
    assert trim(page) == ""


@pytest.mark.parametrize(
    ("only_with", "says"),
    [
        ({"assets/css/lap.css": "a-lab"}, "lap.css: neither in extra_css nor in"),
        ({"assets/css/lab.css": "a-lab["}, "lab.css: 'a-lab[' is no CSS selector"),
        ({"assets/css/lab.css": None}, "lab.css: None is no CSS selector"),
        ({"assets/css/lab.css": ["a-lab"]}, "lab.css: ['a-lab'] is no CSS selector"),
        (None, "None; give a selector for each file"),
        ("assets/css/lab.css", "'assets/css/lab.css'; give a selector"),
    ],
)
def test_what_can_never_be_left_out_is_refused(only_with, says):
    with pytest.raises(
        BadInput, match=r"^mkdocs.yml: extra.only_with: .*; (correct|give a selector)"
    ) as refused:
        trimmed.check(only_with, ["assets/css/lab.css"])
    assert says in str(refused.value)
