"""What the theme leaves undone: names, stops too many or too few, a way to the lab."""

from html import escape

from selectolax.lexbor import LexborHTMLParser

PILCROW = '<a class="headerlink"'  # for those who point: no stop of the keyboard at each heading
DRAWER = '<label class="md-header__button md-icon" for="__drawer">'
AFTER_SKIP = '<div data-md-component="announce">'  # follows the theme's own link, to the text


def with_way(html: str, tree: LexborHTMLParser) -> str:
    """A page, `tree` as parsed, with a second link for the keyboard, to the slider of its lab."""
    slider = tree.css_first(".lab-track input[id]")
    if slider is None:
        return html
    link = f'<a href="#{slider.attributes["id"]}" class="md-skip">Skip to the lab</a>'
    return html.replace(AFTER_SKIP, f"{link}\n    {AFTER_SKIP}", 1)


def with_names(html: str, tree: LexborHTMLParser) -> str:
    """A page, `tree` as parsed, whose lists say whose they are and whose labels label something.

    The theme names the list of a section after the label that opens it, and where the section has
    a page of its own that label is an icon without a word. Both then take the list's own title; the
    theme's script finds the list by the label that it names.
    """
    html = html.replace(' tabindex=""', "").replace(PILCROW, f'{PILCROW} tabindex="-1"')
    if 'id="__toc"' not in html:  # a page without headings has no such list to open
        html = html.replace(' for="__toc"', "")
    for nav in tree.css("nav[aria-labelledby]"):
        id = nav.attributes["aria-labelledby"]
        label, title = tree.css_first(f'[id="{id}"]'), nav.css_first(".md-nav__title")
        if title is None or (label is not None and label.text(strip=True)):
            continue
        name = escape(" ".join(title.text().split()))
        old, new = f'aria-labelledby="{id}"', f'aria-label="{name}"'
        html = html.replace(old, new if label is None else f"{old} {new}")
        html = html.replace(stop := f'id="{id}" tabindex="0"', f"{stop} {new}")
    return html


def with_menu(html: str) -> str:
    """A page whose drawer has a stop of the keyboard, with a name, where it is opened.

    What a key does there is the work of a script in overrides/main.html. It has no role: none is
    allowed to a label of something.
    """
    return html.replace(DRAWER, f'{DRAWER[:-1]} tabindex="0" aria-label="Menu">')
