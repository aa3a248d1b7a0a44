"""What a page uses, what links may name there and what on it would run."""

from selectolax.lexbor import LexborHTMLParser

from gen.publish.html import content
from gen.publish.html.content import Use


def read(html: str) -> content.Content:
    return content.read(LexborHTMLParser(html))


def test_an_address_is_loaded_or_followed():
    page = read('<a href=" b/ ">x</a><img src="c.png" srcset="d.png 1x, e.png 2x">')
    assert set(page.uses) == {
        Use("a", "b/", loads=False),
        Use("img", "c.png", loads=True),
        Use("img", "d.png", loads=True),
        Use("img", "e.png", loads=True),
    }


def test_an_address_used_twice_is_told_once_in_the_order_of_the_page():
    page = read('<a href="b">x</a><a href="a">x</a><a href="b">x</a>')
    assert [use.address for use in page.uses] == ["b", "a"]


def test_a_canonical_address_is_not_loaded_and_a_sheet_s_is():
    page = read('<link rel="canonical" href="c"><link rel="icon" href="i"><b data-sheet="s"></b>')
    assert {(use.address, use.loads) for use in page.uses} == {
        ("c", False),
        ("i", True),
        ("s", True),
    }


def test_a_fragment_may_name_ids_of_all_elements_and_names_of_anchors_alone():
    page = read('<p id="p"></p><a name="a"></a><meta name="description"><input name="q"><b id="">')
    assert page.ids == {"p", "a"}


def test_states_are_those_of_elements_with_an_id():
    page = read('<x-a id="one" data-states="half word-a%20b"></x-a><x-a data-states="no"></x-a>')
    assert page.states == {"one": {"half", "word-a b"}}


def test_scripts_that_are_data_or_have_an_address_are_not_among_those_that_run():
    page = read(
        '<script>a()</script><script type="module"> b()</script><script src="c.js"></script>'
        '<script type="application/json">{}</script><script type="application/ld+json">{}</script>'
    )
    assert page.scripts == ("a()", " b()")


def test_handlers_and_addresses_that_are_scripts_are_named():
    page = read('<a href=" JavaScript:x()">x</a><b onclick="x()"></b><i data-on="x"></i>')
    assert page.handlers == ("a href", "b onclick")


def test_the_kinds_of_elements_are_known():
    assert {"step-lab", "p"} <= read("<step-lab></step-lab><p>").tags


def test_what_a_meta_element_asks_of_a_browser_is_known():
    page = read('<META HTTP-EQUIV=Refresh content="0"><meta http-equiv="X-UA-Compatible">')
    assert page.sent_on == ("refresh",)


def test_addresses_in_styles_are_read_as_a_browser_reads_them():
    css = """a{b:url( 'x.png' )} @IMPORT "y.css"; c{d:\\55 RL(z.png)} e{f:url(#g)}"""
    css += """h{i:url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>")}"""
    assert content.css_addresses(css) == ["x.png", "y.css", "z.png"]
