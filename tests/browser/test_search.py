"""What people type finds the page that answers it, in words that no page need use."""

import json
import re
from urllib.parse import urlsplit

import pytest

INDEX = "search/search_index.json"
LIKELY = {  # what people type -> the page that comes first
    "blurry": "questions/",
    "why blurry": "questions/",
    "pixelated": "questions/",
    "cfg": "questions/",
    "copyright": "questions/",
    "can I sell it": "questions/",
    "commercial use": "questions/",
    "LoRA": "questions/",
    "ControlNet": "questions/",
    "upscale": "questions/",
    "hires fix": "questions/",
    "Midjourney": "questions/",
    "SDXL": "questions/",
    "Flux": "questions/",
    "DALL-E": "questions/",
    "ChatGPT": "questions/",
    "negative prompt": "questions/",
    "prompt tips": "questions/",
    "better chrome": "questions/",
    "hands": "questions/",
    "text on badge": "questions/",
    "fake or real": "questions/",
    "AI detector": "questions/",
    "inpainting": "questions/",
    "VRAM": "questions/",
    "photorealistic": "questions/",
    "VAE": "glossary/",
    "unet": "glossary/",
    "dpm++": "glossary/",
    "ray tracing": "glossary/",
    "how does it work": "workflow/",
    "reflection wrong": "check/",
    "mirror": "measurements/chrome/",
    "metal": "measurements/chrome/",
    "reflection": "check/",
    "download": "paint/",
    "is it copied": "measurements/copied/",
    "magazine": "/",
    "car blurry": "questions/",
    "why does chrome look real": "/",
    "is it AI": "questions/",
    "fake reflection": "check/",
    "make chrome better": "questions/",
    "prompt for chrome": "questions/",
    "upscaling": "questions/",
    "gold car": "ideas/gold-city/",
    "seed": "questions/",
    "guidance": "measurements/guidance/",
    "how many steps": "questions/",
    "noise": "glossary/",
    "how precise": "measurements/repaint/",
    "does it know physics": "questions/",
    "study model": "study-model/",
    "stable diffusion": "models/",
    "try it": "try/",
    "try": "try/",
    "play": "try/",
    "paint a car": "paint/",
    "upload my picture": "your-picture/",
    "check my picture": "check/",
    "wheels wrong": "check/",
    "is the reflection correct": "check/",
    "why is chrome hard": "measurements/chrome/",
    "what is diffusion": "glossary/",
    "training data": "questions/",
    "highlights": "measurements/highlights/",
    "reflections in windows": "papers/removing-reflections/",
    "car ad": "questions/",
    "realistic chrome": "measurements/chrome/",
    "game": "measurements/where/",
    "guessing game": "measurements/where/",
    "slider": "measurements/turning/",
    "drag": "ball/",
    "upload": "your-picture/",
    "heic": "your-picture/",
    "my photo": "your-picture/",
    "my picture": "your-picture/",
    "own picture": "your-picture/",
    "selfie": "your-picture/",
    "guess": "measurements/where/",
    "quiz": "measurements/where/",
    "can you tell": "measurements/where/",
    "fun": "measurements/where/",
    "paint": "paint/",
    "sphere": "ball/",
    "mirror ball": "ball/",
    "switch words": "measurements/turning/",
    "parameters": "glossary/",
    "hdri": "measurements/chrome/",
}
FIRST = ".md-search-result__item a"


def test_each_of_the_likely_searches_finds_the_page_that_answers_first(visit):
    page = visit("/")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    summary = page.locator(".md-search-result__meta")
    lost = []
    for words, path in LIKELY.items():
        field.fill("")
        field.press("End")  # the theme listens for keys
        summary.filter(has_text="Type to start").wait_for()
        field.fill(words)
        field.press("End")
        summary.filter(has_text="matching").wait_for()
        found = page.locator(FIRST)
        if not found.count():
            lost.append(words)
        elif urlsplit(href := found.first.get_attribute("href")).path != f"/{path.lstrip('/')}":
            lost.append(f"{words}: {href}")
    assert lost == []


def test_a_synonym_is_found_and_never_shown(visit):
    page = visit("/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("vram")
    found = page.locator(".md-search-result__item", has_text="What computer does it need?")
    found.wait_for()
    assert "vram" not in found.inner_text().lower()
    page.get_by_role("textbox", name="Search").fill("windows")
    page.keyboard.press("End")
    first = page.locator(".md-search-result__item", has_text="Reflections are sums of light")
    first.wait_for()
    assert first.locator(".md-tags").count() and not first.locator(".md-tags").first.is_visible()


@pytest.mark.parametrize(("word", "page_of_it"), [("game", "where"), ("slider", "turning")])
def test_a_hit_says_why_it_is_one(site, word, page_of_it):
    """In the text that the search quotes, not in what is added to it unseen."""
    seen = re.sub("<p hidden>.*?</p>", "", texts(site)[f"measurements/{page_of_it}/"])
    assert re.search(rf"\b{word}\b", seen)


@pytest.mark.parametrize(
    "unseen",
    [
        "(?<!used on)(?<!,) Glossary",
        "Look at them",
        "move them sideways",
        "where does this car stand",
        r"(?<!we) measured\.",
    ],
)
def test_no_hit_quotes_what_stands_on_a_widget_or_is_never_seen(site, unseen):
    told = {place: re.sub(r"\s+", " ", text) for place, text in texts(site).items()}
    assert [place for place, text in told.items() if re.search(unseen, text)] == []


def texts(site) -> dict[str, str]:
    """What the search has of each heading."""
    index = json.loads((site / INDEX).read_text(encoding="utf-8"))
    return {entry["location"]: entry["text"] for entry in index["docs"]}


@pytest.mark.parametrize("found_by", ["typing", "following a link to a word"])
def test_nobody_fetches_the_index_before_it_is_searched(visit, found_by):
    page = visit("/steps/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in page.watch.requests if INDEX in url]
    if found_by == "typing":
        page.keyboard.press("/")
        page.keyboard.type("guidance")
        page.locator(FIRST).first.wait_for()
    else:
        page.goto(f"{page.url}?h=guidance")
        page.locator("article mark").first.wait_for()
    assert len([url for url in page.watch.requests if INDEX in url]) == 1


def test_what_comes_without_a_key_is_searched_too(visit):
    """Dictated, or pasted by mouse: an input event and no other."""
    page = visit("/")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    page.locator(".md-search-result__meta", has_text="Type to start").wait_for()
    field.fill("guidance")
    page.locator(FIRST).first.wait_for()


REFUSING = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {
        get() { throw new DOMException("refused", "SecurityError") }, configurable: true,
    })"""


def test_where_nothing_may_be_stored_the_search_finds_and_the_theme_switches(watched, address):
    watch = watched()
    watch.context.add_init_script(REFUSING)
    page = watch.context.new_page()
    page.goto(f"{address}/")
    page.locator("label[for=__palette_1]").click()
    page.locator("body[data-md-color-media*=light]").wait_for()
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("guidance")
    page.locator(FIRST).first.wait_for()
    watch.context.close()
    assert watch.problems == []
