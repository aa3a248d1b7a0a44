"""The policy that a page ships: what it allows, what a browser would refuse."""

import pytest

from gen.publish.html import csp

TEXT = "document.title = 'ours'"
SCRIPT = f"<script>{TEXT}</script>"
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="i.svg">'
    f"{SCRIPT}</head><body><p>x</p></body></html>"
)
# As a browser's console names it for this very script.
HASH = "sha256-JbQR3QwlXMjAJi7NCrFv0NoswVXhkYXPqCV5ioRKVmY="


def sealed(page: str, *scripts: str) -> str:
    return csp.sealed(page, scripts or (TEXT,))


def problems(html: str) -> list[str]:
    return list(csp.problems(html))


def test_a_sealed_page_allows_its_own_scripts():
    page = sealed(PAGE)
    assert f"script-src 'self' '{HASH}';" in page
    assert "default-src 'self';" in page
    assert page.index("Content-Security-Policy") < page.index("<link")
    assert problems(page) == []


def test_no_script_is_allowed_merely_for_being_inline():
    directives = sealed(PAGE).split('content="')[1].split('"')[0].split("; ")
    assert [d for d in directives if "unsafe" in d] == ["style-src 'self' 'unsafe-inline'"]
    assert "style-src-elem 'self'" in directives


def test_a_changed_script_gets_another_hash():
    page = sealed(PAGE.replace("ours", "theirs"), TEXT.replace("ours", "theirs"))
    assert HASH not in page
    assert problems(page) == []


@pytest.mark.parametrize("kind", ["application/json", "application/ld+json"])
def test_data_needs_no_hash(kind):
    page = sealed(PAGE).replace("<p>x</p>", f'<script type="{kind}">{{"a": 1}}</script>')
    assert problems(page) == []


@pytest.mark.parametrize(
    ("slipped_in", "says"),
    [
        ("<script>steal()</script>", "does not allow the inline script 'steal()'"),
        ('<script type="module">steal()</script>', "does not allow the inline script"),
        (SCRIPT.replace("ours", "Ours"), "does not allow the inline script"),
        ('<img src="x.png" onerror="steal()">', "<img onerror> holds a script"),
        ('<a href="javascript:steal()">x</a>', "<a href> holds a script"),
        ("<style>p { color: red }</style>", "<style> is not allowed"),
    ],
)
def test_what_is_slipped_in_afterwards_is_refused(slipped_in, says):
    (line,) = problems(sealed(PAGE).replace("<p>x</p>", slipped_in))
    assert says in line


def test_a_page_without_a_policy_is_problems():
    assert "has no content security policy" in problems(PAGE)[0]
    assert "has no content security policy" in problems(sealed("<p>a fragment</p>"))[0]
