"""A page as the theme made it becomes the page that ships."""

import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.publish.html import csp, finish, placeholders
from gen.publish.html.scripts import Scripts
from gen.publish.html.shield import shield
from gen.publish.page import Page

SCRIPT = "document.title = 'ours'"
THEME = (
    '<!doctype html><html><head><meta charset="utf-8">'
    f"<script>{SCRIPT}</script>\n  </head><body>{{}}</body></html>"
)
KNOWN = Scripts((re.compile(re.escape(SCRIPT)),))
PAGE = Page("ideas/one.md", blocks=('<step-lab id="lab-x" data-states="half"></step-lab>',))
PAGE = replace(PAGE, elements=frozenset({"lab"}))


def finished(body: str = placeholders.mark(0), page: Page = PAGE, **how) -> finish.Finished:
    return finish.finish(THEME.format(body), page, **{"known": KNOWN} | how)


def test_a_page_is_parsed_once(monkeypatch):
    parsed = []
    real = finish.LexborHTMLParser
    monkeypatch.setattr(finish, "LexborHTMLParser", lambda html: parsed.append(1) or real(html))
    monkeypatch.setattr(csp, "LexborHTMLParser", lambda html: parsed.append(1) or real(html))
    finished()
    assert parsed == [1]


def test_its_head_loads_what_its_elements_declare_as_seen_from_the_page():
    head = LexborHTMLParser(finished().html).css_first("head")
    assert [link.attributes["href"] for link in head.css("link[rel=stylesheet]")] == [
        "../../assets/css/parts/control.css",
        "../../assets/css/parts/slider.css",
        "../../assets/css/parts/table.css",
        "../../assets/css/parts/frame.css",
        "../../assets/css/parts/late.css",
        "../../assets/css/labs/lab.css",
        "../../assets/css/labs/step-lab.css",
        "../../assets/css/labs/step-stage.css",
        "../../assets/css/labs/step-curves.css",
    ]
    (script,) = head.css("script[src]")
    assert script.attributes == {"src": "../../assets/js/step-lab.js", "type": "module"}


def test_what_its_head_loads_is_among_what_it_uses():
    uses = {use.address for use in finished().content.uses if use.loads}
    assert {"../../assets/css/labs/lab.css", "../../assets/js/step-lab.js"} <= uses


def test_a_page_without_elements_loads_nothing_more():
    bare = finished("<p>x</p>", Page("task.md")).html
    assert "<link" not in bare and 'type="module"' not in bare


def test_what_stood_aside_is_there_and_its_states_can_be_named():
    done = finished()
    assert 'data-states="half"' in done.html
    assert done.content.states == {"lab-x": frozenset({"half"})}
    assert done.problems == ()


def test_a_browser_would_refuse_nothing_of_what_ships():
    assert list(csp.problems(finished().html)) == []


def test_a_preview_has_no_policy_and_is_otherwise_the_same():
    page = finished(preview=True)
    assert csp.META not in page.html
    assert "step-lab.js" in page.html
    assert page.problems == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<img src="x.png" onerror="steal()">', "<img onerror> holds a script"),
        ("<style>p { color: red }</style>", "<style> is not allowed"),
        ("<script>steal()</script>", "<script> 'steal()' is neither the theme's nor ours"),
        ("<svg><script href='x.js'></script></svg>", "<script> '' is neither the theme's nor"),
        ('<script type="importmap">{}</script>', "<script> '{}' is neither the theme's nor ours"),
        ("<iframe></iframe>", "<iframe> is not allowed; remove it"),
        ("<svg><foreignObject></foreignObject></svg>", "<foreignobject> is not allowed"),
        ('<META HTTP-EQUIV=" ReFresh" CONTENT="0;x">', '<meta http-equiv="refresh"> is not'),
        ('<a href="java&#9;script:steal()">x</a>', "<a href> holds a script"),
        ("<compare-lab></compare-lab>", "<compare-lab> stands there without its files"),
    ],
)
def test_what_a_person_typed_and_no_page_may_have_is_named(body, says):
    (line,) = finished(placeholders.mark(0) + body).problems
    assert says in line
    (line,) = finished(placeholders.mark(0) + body, preview=True).problems
    assert says in line


def test_the_policy_names_no_script_for_merely_standing_there():
    html = finished(placeholders.mark(0) + "<script>steal()</script>").html
    assert len(re.findall("'sha256-", html)) == 1
    (refused,) = csp.problems(html)
    assert "does not allow the inline script 'steal()'" in refused


def test_a_text_that_the_theme_set_as_html_is_text_where_the_page_ships():
    title = "</title><script>steal()</script> & \"two\" 'ones'"
    done = finished(f'{placeholders.mark(0)}<h1 title="{shield(title)}">{shield(title)}</h1>')
    heading = LexborHTMLParser(done.html).css_first("h1")
    assert heading.text() == heading.attributes["title"] == title
    assert done.problems == ()


def test_a_theme_without_the_place_of_the_policy_is_named():
    html = THEME.format("").replace('<meta charset="utf-8">', "")
    (line,) = finish.finish(html, Page("x.md"), known=KNOWN).problems
    assert "has no content security policy" in line
