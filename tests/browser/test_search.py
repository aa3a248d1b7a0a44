"""What people type finds the page that answers it, in words that no page need use."""

import pytest

INDEX = "search/search_index.json"
LIKELY = {
    "blurry": "questions/",
    "why blurry": "questions/",
    "pixelated": "questions/",
    "cfg": "questions/",
    "copyright": "questions/",
    "can I sell it": "",
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
    "prompt tips": "",
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
    "reflection wrong": "",
    "mirror": "",
    "metal": "measurements/chrome/",
    "reflection": "",
    "download": "paint/",
    "is it copied": "",
    "magazine": "",
}
FIRST = ".md-search-result__item a"


def test_of_the_likely_searches_all_find_something_and_most_the_page_that_answers(visit):
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
        elif path and f"/{path}" not in found.first.get_attribute("href"):
            lost.append(f"{words}: {found.first.get_attribute('href')}")
    assert lost == []


def test_a_synonym_is_found_and_never_shown(visit):
    page = visit("/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("vram")
    found = page.locator(".md-search-result__item", has_text="What computer does it need?")
    found.wait_for()
    assert "vram" not in found.inner_text().lower()


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
