"""Which addresses are allowed, and what a built site uses."""

import pytest

from gen.core.errors import BadInput, OutsideLink
from gen.core.sources import Fact, Lines, Source
from gen.publish.html import links

REVISION = "0" * 40
FACT = Fact("f", "t", "README.md", "s", lines=Lines("README.md", 3, 4))
SD = Source("sd", "github", "t", "https://github.com/a/b", REVISION, "a", (FACT,))
PAPER = Source("acp", "arxiv", "t", "http://arxiv.org/pdf/1v2.pdf", "v2", "a", ())
SOURCES = (SD, PAPER)


def problems(tmp_path, **files):
    """Of a site of these files, at an address of its own."""
    write(tmp_path, **files)
    pages = links.read_pages(tmp_path)
    site = links.Site(tmp_path, "https://me.example/docs/", SOURCES, pages, frozenset(("b.js",)))
    return list(site.problems())


def write(tmp_path, **files):
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_html", ".html").replace(
            "_css", ".css"
        ).replace("_js", ".js")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_fact_is_a_permalink_to_its_lines():
    assert SD.url_of(FACT) == f"https://github.com/a/b/blob/{REVISION}/README.md?plain=1#L3-L4"
    assert SD.url_of(Lines("x.py", 7, 7)) == f"https://github.com/a/b/blob/{REVISION}/x.py#L7"
    assert PAPER.url_of(Fact("g", "t", "abstract", "s", sentence=1)) == PAPER.url


@pytest.mark.parametrize(
    "address", [SD.url, PAPER.url, SD.url_of(FACT), PAPER.url + "#page=2", SD.url + "#readme"]
)
def test_the_four_works_are_allowed(address):
    assert links.allowed(address, SOURCES)


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/pdf/1v2.pdf",
        "http://arxiv.org/pdf/1v1.pdf",
        "http://arxiv.org/abs/1v2",
        "https://github.com/a/b/blob/main/README.md",
        "https://github.com/a/b/issues",
        "https://github.com/a/bb",
        "https://example.com",
    ],
)
def test_nothing_else_is(address):
    assert not links.allowed(address, SOURCES)


LAB = (
    '<step-lab id="here" data-states="step-1 step-2 step-3 half word-chrome word-a%20(2) '
    'word-v1%2E5 view-noisy"><b id="here.step-9"></b></step-lab>'
)
FINE = [
    f'<a href="{SD.url}">x</a>',
    '<a href="#here">x</a><p id="here">',
    f'<a href="#here.step-3.word-chrome">x</a>{LAB}',
    f'<a href="#here.half.view-noisy">x</a>{LAB}',
    f'<a href="#here.word-a%20(2).view-noisy">x</a>{LAB}',
    f'<a href="#here.word-v1%2E5">x</a>{LAB}',
    f'<a href="#here.step-9">x</a>{LAB}',
    '<a href="sub/">x</a>',
    '<a href="sub/index.html?q=1#there">x</a>',
    '<img src="a.css">',
    '<img src="data:image/png;base64,x">',
    '<link rel="canonical" href="https://me.example/docs/">',
    '<meta property="og:image" content="https://me.example/docs/a.css">',
    '<a href="">top</a>',
    '<script src="b.js?v=1"></script>',
    '<svg><rect clip-path="url(#somewhere)"/></svg>',
    '<p title="image-set(https://example.com)">',
]


@pytest.mark.parametrize("html", FINE)
def test_links_that_are_fine(tmp_path, html):
    assert not problems(
        tmp_path, index_html=html, sub__index_html='<p id="there">', a_css="", b_js=""
    )


def test_the_page_for_unknown_addresses_alone_begins_at_the_top_of_the_host(tmp_path):
    fine = '<a href="/docs/sub/#there">x</a><script src="/docs/b.js?v=1"></script>'
    files = {"sub__index_html": '<p id="there">', "b_js": ""}
    assert not problems(tmp_path, **{"404_html": fine}, **files)
    for wrong in ("/sub/", "/docssub/", "/docs/nowhere/"):
        (problem,) = problems(tmp_path, **{"404_html": f'<a href="{wrong}">x</a>'}, **files)
        assert "leads to no file" in problem


BAD = [
    ('<a href="https://example.com">x</a>', "none of the four"),
    ('<a href="//example.com/x">x</a>', "none of the four"),
    (f'<img src="{SD.url}/x.png">', "fetched from outside"),
    ('<script src="https://example.com/x.js"></script>', "fetched from outside"),
    ('<link rel="stylesheet" href="https://example.com/x.css">', "fetched from outside"),
    ('<img srcset="a.png 1x, https://example.com/b.png 2x">', "fetched from outside"),
    ('<form action="https://example.com/"></form>', "none of the four"),
    ('<p style="background: url(https://example.com/x.png)">', "fetched from outside"),
    ("<style>@import 'https://example.com/x.css';</style>", "fetched from outside"),
    ('<button formaction="https://example.com/">x</button>', "none of the four"),
    ('<blockquote cite="https://example.com/">x</blockquote>', "none of the four"),
    ('<a href="#here" ping="https://example.com/">x</a><p id="here">', "fetched from outside"),
    ('<video><track src="https://example.com/x.vtt"></video>', "fetched from outside"),
    ('<link rel="preload" imagesrcset="https://example.com/x 1x">', "fetched from outside"),
    ('<table background="https://example.com/x.png"></table>', "fetched from outside"),
    ('<math href="https://example.com/"><mi>x</mi></math>', "fetched from outside"),
    ('<no-such-element src="https://example.com/x">', "fetched from outside"),
    ('<svg><rect filter="url(https://example.com/x#y)"/></svg>', "fetched from outside"),
    ('<svg><feImage href="https://example.com/x"/></svg>', "fetched from outside"),
    ("<p style=\"background: image-set('https://example.com/x' 1x)\">", "fetched from outside"),
    ('<p style="background: \\75 rl(https://example.com/x)">', "fetched from outside"),
    ('<a href="\\\\example.com/x">x</a>', "none of the four"),
    ('<a href="ht&#10;tps:&#9;//example.com">x</a>', "none of the four"),
    ('<a href="https:example.com">x</a>', "none of the four"),
    (f'<a href="{SD.url}/blob/{REVISION}/../../../x">x</a>', "none of the four"),
    (f'<a href="{SD.url}/blob/{REVISION}/%2E%2e/x">x</a>', "none of the four"),
    ('<script src="a.js"></script>', "is a script that no element declares"),
    ('<svg><a xlink:href="https://example.com/"></a></svg>', "none of the four"),
    ('<a href="mailto:a@example.com">x</a>', "a mailto: address"),
    ('<a href="nowhere/">x</a>', "leads to no file"),
    ('<a href="/docs/sub/#there">x</a>', "begins at the top of the host"),
    ('<img src="/docs/a.css">', "begins at the top of the host"),
    ('<a href="/">x</a>', "begins at the top of the host"),
    ('<img src="nowhere.png">', "leads to no file"),
    ('<a href="#nowhere">x</a>', "no element there has the id nowhere"),
    ('<link rel="canonical" href="https://me.example/docs/nowhere/">', "leads to no file"),
    ('<meta property="og:image" content="https://me.example/docs/no.jpg">', "leads to no file"),
    ('<meta property="og:image" content="https://example.com/a.jpg">', "none of the four"),
    ('<a href="#here.half">x</a><p id="here">', "no element there has the id here.half"),
    ('<a href="#here.step-3">x</a><p id="here">', "no element there has the id here.step-3"),
    (f'<a href="#here.step-4">x</a>{LAB}', "id here.step-4, and no lab that state"),
    (f'<a href="#here.step-3.word-crome">x</a>{LAB}', "id here.step-3.word-crome"),
    (f'<a href="#here.settled">x</a>{LAB}', "id here.settled"),
    (f'<a href="#here.step-9.view-noisy">x</a>{LAB}', "id here.step-9.view-noisy"),
    ('<a href="#here.step-1">x</a><step-lab id="here"></step-lab>', "no lab that state"),
    ('<a href="sub/#nowhere">x</a>', "no element there has the id nowhere"),
]


@pytest.mark.parametrize(("html", "says"), BAD)
def test_links_that_are_not(tmp_path, html, says):
    lines = problems(tmp_path, index_html=html, sub__index_html="", a_js="")
    assert any(says in line for line in lines)
    assert all(line.startswith("index.html: ") for line in lines)


@pytest.mark.parametrize(
    ("fragment", "fine"),
    [
        *(("lab-red", True), ("lab-red.step-2", True), ("diagram-red-unet", True)),
        *(("lab-reddish", False), ("lab-blue", False), ("red", False), ("picture-red", False)),
    ],
)
def test_what_a_capture_will_bring_is_waited_for(tmp_path, fragment, fine):
    write(tmp_path, index_html=f'<a href="#{fragment}">x</a>')
    pages = links.read_pages(tmp_path)
    site = links.Site(tmp_path, "", SOURCES, pages, awaited=frozenset(("red",)))
    assert (list(site.problems()) == []) == fine


def test_style_sheets_are_read(tmp_path):
    css = "a{background:url('no.png')} b{background:url(https://example.com/x.png)}"
    assert len(problems(tmp_path, s_css=css)) == 2


def test_a_style_sheet_may_not_load_even_what_a_page_may_link_to(tmp_path):
    (line,) = problems(tmp_path, s_css=f"a{{background:url({PAPER.url})}}")
    assert line.startswith("s.css: ") and "fetched from outside" in line


def test_an_address_in_a_script_needs_a_reason(tmp_path):
    js = 'x("https://unpkg.com/mermaid@11/x.js"); y("https://evil.example/x")'
    (line,) = problems(tmp_path, s_js=js)
    assert "https://evil.example/x" in line


def test_a_site_that_is_not_built(tmp_path):
    with pytest.raises(BadInput, match="run make site first"):
        links.check_site(tmp_path, ())


def test_a_built_site_with_an_outside_link(tmp_path):
    (tmp_path / "index.html").write_text('<a href="https://example.com">x</a>')
    with pytest.raises(OutsideLink, match=r"example\.com"):
        links.check_site(tmp_path, ())
