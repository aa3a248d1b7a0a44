"""The pages that answer the question are read in one sitting."""

from selectolax.lexbor import LexborHTMLParser

MAIN = ("", "task/", "workflow/", "steps/")
MOST = 2500  # words of all four
PROSE = {"h1", "h2", "h3", "p", "ol", "ul"}  # in the article itself: an element is no prose
UNSEEN = ".term-card, .evidence-label, .headerlink, a.cited"  # closed cards, names of signs


def words(html: str) -> int:
    """Those of a page's prose, as a reader sees it before anything is opened."""
    article = LexborHTMLParser(html).css_first("article")
    for unseen in article.css(UNSEEN):
        unseen.decompose()
    blocks = [
        block
        for block in article.iter()
        if block.tag in PROSE and "bare" not in (block.attributes.get("class") or "").split()
    ]
    said = " ".join(block.text() for block in blocks).split()
    return sum(any(map(str.isalnum, word)) for word in said)


def test_the_four_main_pages_stay_within_their_words(site):
    told = {page: words((site / page / "index.html").read_text("utf-8")) for page in MAIN}
    assert min(told.values()) > 100, "prose is where it was looked for"
    assert sum(told.values()) <= MOST, told


def test_words_in_closed_cards_labs_and_lists_of_pictures_do_not_count():
    page = """<article><h1>One two<a class="headerlink">¶</a></h1>
    <p>Three <span>four<span class="term-card">five six</span></span> – <a class="cited">7</a></p>
    <figure><p>Eight</p></figure><ul class="cards bare"><li>Nine</li></ul>
    <ul><li>Ten</li></ul></article>"""
    assert words(page) == 5
