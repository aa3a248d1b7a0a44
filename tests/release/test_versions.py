"""Published versions as a reader walks them: menu, deep links, unknown addresses, search, cards."""

import urllib.request

import pytest
from maintainer import NEW_HEADING
from selectolax.lexbor import LexborHTMLParser

LAB = "ideas/chrome-studio/#lab-chrome-studio.step-7"
SHOWN = "#lab-chrome-studio input[type=range]"
LETTERS = """document.fonts.ready.then(() =>
    [...document.fonts].filter(f => f.family === "Inter").map(f => f.status))"""


def test_the_menu_leads_to_the_same_page_of_another_version(published, watched):
    page, faults, _ = watched
    for path in ("", deepest(published.folder / "1.0")):
        page.goto(f"{published.address}1.0/{path}")
        assert menu(page) == ["1.1", "1.0.1", "1.0"]
        switch(page, "1.1")
        page.wait_for_url(f"{published.address}1.1/{path}")
        switch(page, "1.0.1")
        page.wait_for_url(f"{published.address}1.0.1/{path}")
    assert not faults


@pytest.mark.parametrize("version", ["1.0", "1.0.1", "1.1", "latest"])
def test_a_link_into_a_lab_opens_that_step_in_each_version_and_the_alias(
    published, watched, version
):
    page, faults, _ = watched
    page.goto(f"{published.address}{version}/{LAB}")
    assert page.locator(SHOWN).first.input_value() == "7"
    assert page.url.endswith(LAB)
    for picture in page.locator("#lab-chrome-studio img:visible").all():
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)")
    assert not faults


def test_each_version_keeps_its_own_words_and_the_alias_the_newest(published, watched):
    page, faults, _ = watched
    heading = page.get_by_role("heading", name=NEW_HEADING)
    for version, count in (("1.0", 0), ("1.0.1", 0), ("1.1", 1), ("latest", 1)):
        page.goto(f"{published.address}{version}/")
        assert heading.count() == count
    assert not faults


@pytest.mark.parametrize("version", ["1.0", "latest"])
def test_the_search_of_a_version_finds_its_own_pages(published, watched, version):
    page, faults, _ = watched
    page.goto(f"{published.address}{version}/task/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("chrome")
    first = page.locator(".md-search-result__item a").first
    first.wait_for()
    first.click()
    page.wait_for_url(lambda url: not url.endswith("/task/"))
    assert page.url.startswith(f"{published.address}{version}/")
    assert not faults


@pytest.mark.parametrize("script", [True, False])
def test_the_bare_address_shows_the_newest(published, browser, script):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(published.address)
    page.wait_for_url(f"{published.address}latest/")
    context.close()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lost", ["1.0/ideas/nowhere/at/all/", "nowhere", "2.7/"])
def test_an_unknown_address_leads_back_into_the_site(published, browser, script, lost):
    context = browser.new_context(java_script_enabled=script)
    page, refused = context.new_page(), []
    page.on("response", lambda got: refused.append(got.url) if got.status >= 400 else None)
    lost = f"{published.address}{lost}"
    assert page.goto(lost).status == 404
    assert page.get_by_role("heading", level=1).inner_text() == "This page is not here"
    assert page.evaluate(LETTERS) == ["loaded"], "its sheets are found from here, too"
    if script:
        page.get_by_role("textbox", name="Search").click()
        page.keyboard.type("chrome")
        page.locator(".md-search-result__item").first.wait_for()
        page.keyboard.press("Escape")
    page.locator("article").get_by_role("link", name="Watch it paint").click()
    page.wait_for_url(f"{published.address}latest/steps/")
    page.goto(lost)
    page.locator("article a").first.click()
    page.wait_for_url(f"{published.address}latest/")
    assert set(refused) == {lost}
    context.close()


def test_the_page_of_an_unknown_address_is_that_of_the_newest_version(published):
    pages = [published.folder / place / "404.html" for place in (".", "latest", "1.1")]
    assert len({page.read_bytes() for page in pages}) == 1


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.0.1"])
def test_canonical_address_and_card_are_those_of_the_newest_version(published, version):
    shown = {
        "task": ("site", "so real? Picture: a render"),
        "ideas/chrome-studio": ("ideas-chrome-studio", ". Picture: Study model"),
    }
    for path, (card, says) in shown.items():
        page = read(published.folder / version / path / "index.html")
        said = {m.attributes["property"]: m.attributes["content"] for m in page.css("[property]")}
        canonical = page.css_first("link[rel=canonical]").attributes["href"]
        assert said["og:url"] == canonical == f"{published.address}latest/{path}/"
        assert said["og:image"] == f"{published.address}latest/assets/cards/{card}.jpg"
        for address in (canonical, said["og:image"]):
            assert urllib.request.urlopen(address, timeout=5).status == 200
        assert said["og:image:alt"].endswith(says)


def test_a_state_is_cited_with_its_whole_address(published):
    page = read(published.folder / "1.1" / "ideas" / "chrome-studio" / "index.html")
    cite = page.css_first(".lab-cite").text()
    assert f"{published.address}latest/ideas/chrome-studio/#lab-chrome-studio" in cite


def read(page):
    return LexborHTMLParser(page.read_text(encoding="utf-8"))


def deepest(version):
    """The page that lies furthest down, in a folder's address."""
    pages = [page.parent.relative_to(version) for page in version.rglob("*/index.html")]
    return max(pages, key=lambda page: (len(page.parts), page)).as_posix() + "/"


def menu(page):
    """The versions offered, without the alias that stands behind one of them."""
    page.locator(".md-version__current").wait_for()
    return page.locator(".md-version__link").evaluate_all(
        "links => links.map(link => link.firstChild.textContent.trim())"
    )


def switch(page, version):
    page.locator(".md-version__current").focus()  # opens it, as a pointer would
    links = page.locator(".md-version__link")
    links.evaluate_all(
        "(links, version) => links.find(l => l.firstChild.textContent.trim() === version).click()",
        version,
    )
