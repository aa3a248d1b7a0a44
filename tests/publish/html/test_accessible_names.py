"""A list of links says whose it is, and a label labels something."""

from selectolax.lexbor import LexborHTMLParser

from gen.publish.html.accessible_names import (
    AFTER_SKIP,
    DRAWER,
    with_menu,
    with_names,
    with_way,
)

ICON = '<label id="{id}"><span class="md-icon"></span></label>'
LIST = '<nav aria-labelledby="{id}"><label class="md-nav__title"> {title}\n</label></nav>'


def mend(page: str) -> str:
    return with_names(page, LexborHTMLParser(page))


def test_a_list_whose_label_is_an_icon_takes_its_title():
    page = ICON.format(id="a_1") + LIST.format(id="a_1", title="Ideas &amp; more")
    page += LIST.format(id="a_2", title="Papers")
    mended = mend(page)
    assert '<nav aria-labelledby="a_1" aria-label="Ideas &amp; more">' in mended, "as it is sought"
    assert '<nav aria-label="Papers">' in mended, "without a label"


def test_a_label_with_a_word_stays():
    page = '<label id="b">Reference</label>' + LIST.format(id="b", title="Reference")
    assert mend(page) == page


def test_what_has_no_value_goes():
    assert mend('<label tabindex="" for="__toc">x</label>') == "<label>x</label>"
    page = '<input id="__toc"><label for="__toc" tabindex="0">x</label>'
    assert mend(page) == page


def test_a_page_with_a_lab_has_a_way_to_its_slider_after_the_way_to_its_text():
    page = f'<a>Skip</a>{AFTER_SKIP}</div><div class="lab-track"><input id="lab-a-step"></div>'
    link = '<a href="#lab-a-step" class="md-skip">Skip to the lab</a>'
    whole = with_way(page, LexborHTMLParser(page))
    assert whole.index("Skip</a>") < whole.index(link) < whole.index(AFTER_SKIP)
    without = f"{AFTER_SKIP}</div>"
    assert with_way(without, LexborHTMLParser(without)) == without


def test_what_opens_a_section_or_the_drawer_and_is_a_stop_has_a_name():
    icon = '<label for="a" id="a_label" tabindex="0"><span></span></label>'
    page = with_menu(mend(DRAWER + "</label>" + icon + LIST.format(id="a_label", title="Papers")))
    drawer, section = LexborHTMLParser(page).css("label[tabindex='0']")
    assert (drawer.attributes["for"], drawer.attributes["aria-label"]) == ("__drawer", "Menu")
    assert section.attributes["aria-label"] == "Papers"
