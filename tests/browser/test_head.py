"""What a page says of itself, to a search, to a shared link and at its foot; what it gives away."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.publish.html import csp


@pytest.fixture(scope="module")
def pages(site) -> dict[str, LexborHTMLParser]:
    """Every page of the built site, by its path."""
    return {
        path.relative_to(site).as_posix(): LexborHTMLParser(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def said(page: LexborHTMLParser, name: str) -> str:
    """The content of a meta element."""
    return page.css_first(f"meta[name='{name}'], meta[property='{name}']").attributes["content"]


def test_every_page_has_a_title_and_a_description_of_its_own(pages):
    own = {path: page for path, page in pages.items() if path != "404.html"}
    assert len({said(page, "og:title") for page in own.values()}) == len(own)
    assert len({said(page, "description") for page in own.values()}) == len(own)
    for page in own.values():
        assert said(page, "og:description") == said(page, "description")
        assert 20 <= len(said(page, "description")) <= 180


def test_every_page_has_a_card_to_be_shared_with(site, pages):
    cards = list((site / "assets" / "cards").glob("*.jpg"))
    assert {f"ideas-{p.parent.name}.jpg" for p in (site / "ideas").glob("*/index.html")} < {
        card.name for card in cards
    }
    assert max(card.stat().st_size for card in cards) < 60_000


def test_every_page_counts_the_claims_alike(pages):
    (line,) = {page.css_first(".claims").text(strip=True) for page in pages.values()}
    assert re.search(r"\d+ from the sources, \d+ measured", line)


def test_every_page_ships_a_policy_that_allows_what_it_runs(site):
    for path in site.rglob("*.html"):
        assert list(csp.problems(path.read_text(encoding="utf-8"))) == []


def test_the_icon_is_there(site, pages):
    icon = pages["index.html"].css_first("link[rel=icon]").attributes["href"]
    assert (site / icon).read_text(encoding="utf-8").startswith("<svg")


def test_what_is_taken_along_comes_with_a_name_that_says_what_it_is(visit, site):
    page = visit("/ideas/chrome-studio/")
    take = page.locator(".lab-take").first
    for kind, starts in (("PNG", b"\x89PNG"), ("JSON", b'{"capture"'), ("CSV", b"step,timestep")):
        with page.expect_download() as waited:
            take.get_by_role("link", name=kind).click()
        name = waited.value.suggested_filename
        assert re.fullmatch(rf"chrome-studio-[0-9a-f]{{16}}\.{kind.lower()}", name)
        assert waited.value.path().read_bytes().startswith(starts)


def test_the_page_for_unknown_addresses_leads_to_the_first_page_of_every_tab(site):
    page = LexborHTMLParser((site / "404.html").read_text(encoding="utf-8"))
    links = [link.attributes["href"] for link in page.css("article ul a")]
    assert len(links) == len(set(links)) == 5
    assert all((site / link.lstrip("/") / "index.html").is_file() for link in links)
