"""Rounds of bodywork alone, in a page of their own: what is shown before and after an answer."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from alone import DOCS, html_of, visits
from fingers import PHONE, drag, on
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gen.core import inputs
from gen.core.measured import Measurement, Row
from gen.publish import where
from gen.publish.draft import Draft
from gen.publish.materials import Materials

ROUNDS = (("desert", "mirror", "desert"), ("snow", "glossy", "desert"), ("forest", "matte", "snow"))
SIZE = (96, 64)
PLACE = "measurements/where/"
PARTS = [f"where-{k}-{part}.webp" for k in range(len(ROUNDS)) for part in ("body", "whole")]


def measurement() -> Measurement:
    """A round of each paint; the judge is right in the first alone."""
    rows = [
        Row(f"round-{k}", "", world, paint, 0.0, None, None, 1, "right", f"the judge says {said}")
        for k, (world, paint, said) in enumerate(ROUNDS)
    ]
    digests = tuple((name, "0" * 64) for name in PARTS)
    return Measurement("where", "0" * 16, "Where?", "So.", "Model", (), tuple(rows), digests)


@pytest.fixture(scope="module")
def html() -> str:
    known, sizes = {"where": measurement()}, dict.fromkeys(PARTS, SIZE)
    made_from = Materials(DOCS.parent, inputs.read(DOCS.parent), measurements=known, sizes=sizes)
    draft = Draft(made_from, "measurements/where.md")
    where.where(draft, "where")
    return html_of(draft)


@pytest.fixture
def opened(browser: Browser, html: str) -> Iterator:
    with visits(browser, html, PLACE, picture) as visit:
        yield visit


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", SIZE, (90, 120, 150)).save(file, "WEBP")
    return file.getvalue()


def score(page: Page) -> list[str]:
    """What the reader has right: by paint, and in all."""
    return page.locator(".where-score [data-out=you]").all_text_contents()


def test_no_whole_picture_is_fetched_before_its_round_is_answered(opened):
    visit = opened()
    page = visit.page
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert set(visit.pictures) == {"where-0-body.webp"}
    assert page.locator("fieldset:visible").count() == 1
    expect(page.get_by_text("Next car")).to_be_hidden()
    expect(page.locator(".where-score")).to_be_hidden()
    page.get_by_text("snow", exact=True).first.click()
    expect(page.locator(".where-verdict:visible")).to_have_text(
        "Wrong: it is desert. The judge says desert."
    )
    expect(page.locator("img.where-seen")).to_have_attribute("alt", "The whole picture: desert")
    assert "where-0-whole.webp" in visit.pictures
    assert page.locator("fieldset:visible button:enabled").count() == 1, "the first answer counts"
    page.wait_for_load_state("networkidle")
    assert set(visit.pictures) == {*PARTS[:2], "where-1-body.webp"}, "the next car is there"


def test_all_rounds_by_keys_and_the_score_stands_at_the_end_by_paint(opened):
    page = opened().page
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    for number, _ in enumerate(ROUNDS, 1):
        expect(page.locator("fieldset:visible legend")).to_contain_text(f"{number} of 3")
        page.locator("fieldset:visible button").first.focus()
        page.keyboard.press("Tab")  # looking is no answer
        expect(page.locator(".where-verdict:visible")).to_have_text("")
        page.keyboard.press("Enter")  # the second world: the desert, each time
        expect(page.locator(".where-verdict:visible")).to_contain_text("The judge says")
        if number < len(ROUNDS):
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    expect(page.locator(".where-on")).to_contain_text("That was the last car: 1 of 3 are right.")
    assert page.evaluate("location.hash") == "#where", "for a friend, who begins at the start"
    expect(page.locator(".where-score")).to_be_visible()
    assert score(page) == ["1 of 1", "0 of 1", "0 of 1", "1 of 3"]
    expect(page.locator(".where-score tr").last).to_contain_text("0.5 of 3")
    expect(page.get_by_text("Next car")).to_be_hidden()


def test_a_press_too_many_on_the_way_on_answers_nothing_and_the_right_world_is_marked(opened):
    page = opened().page
    answer(page, "snow")
    right = page.locator("fieldset:visible .where-right")
    expect(right).to_have_text("desert")
    wrong = page.locator("fieldset:visible .where-wrong")
    expect(wrong).to_have_text("snow")
    signs = [one.evaluate("e => getComputedStyle(e, '::before').content") for one in (right, wrong)]
    assert "✓" in signs[0] and "✕" in signs[1]
    page.get_by_role("button", name="Next car").focus()
    page.keyboard.press("Enter")
    expect(page.locator("fieldset:visible legend")).to_be_focused()
    expect(right).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(page.locator("fieldset:visible button:enabled")).to_have_count(6)
    for world in ("forest", "forest"):
        answer(page, world)
        if page.get_by_role("button", name="Next car").is_visible():
            page.get_by_role("button", name="Next car").click()
    page.locator("summary").click()
    says = page.locator(".where-answers li")
    expect(says.nth(0)).to_contain_text("Desert, mirror. You said snow. The judge says desert.")
    expect(says.nth(2)).to_contain_text("You said forest.")
    page.get_by_role("button", name="Play again, the same 3 cars").click()
    expect(page.locator("fieldset:visible legend")).to_be_focused()
    expect(says.nth(0)).not_to_contain_text("You said")


def test_a_link_opens_its_round_and_none_is_forgotten_on_the_way_on(opened):
    page = opened("#where.round-3").page
    expect(page.locator("fieldset:visible legend")).to_contain_text("3 of 3")
    page.get_by_text("forest", exact=True).locator("visible=true").click()
    page.get_by_text("Next car").click()
    expect(page.locator("fieldset:visible legend")).to_contain_text("1 of 3")
    elsewhere = opened("#where.round-9").page
    expect(elsewhere.locator("fieldset:visible legend")).to_contain_text("1 of 3")


def test_a_link_leads_to_the_car_on_show_then_to_the_game_and_tells_no_answer(opened):
    page = opened("#where.round-2").page
    link = page.locator("where-quiz [data-out=link]")
    expect(link).to_have_text("Link to this car")
    answer(page, "snow")
    link.click()
    assert page.evaluate("location.hash") == "#where.round-2"
    other = opened(link.evaluate("a => a.hash")).page
    expect(other.locator("fieldset:visible legend")).to_contain_text("2 of 3")
    expect(other.locator("fieldset:visible button:enabled")).to_have_count(6)
    page.reload()
    expect(page.locator("[data-out=so-far]")).to_contain_text("1 of 1 is right, 2 to go")
    for _ in range(2):
        page.get_by_role("button", name="Next car").click()
        expect(page.locator("fieldset:visible button:enabled")).to_have_count(6)
        answer(page, "forest")
    expect(link).to_have_text("Link to this game")
    link.click()
    assert page.evaluate("location.hash") == "#where"
    page.reload()
    expect(page.locator(".where-score")).to_be_visible()
    other = opened(link.evaluate("a => a.hash")).page
    expect(other.locator("fieldset:visible legend")).to_contain_text("1 of 3")
    expect(other.locator(".where-score")).to_be_hidden()


def answer(page: Page, world: str) -> None:
    page.get_by_text(world, exact=True).locator("visible=true").click()


def test_a_second_tap_on_the_way_on_meets_nothing_and_answers_come_with_the_end_alone(opened):
    page = opened().page
    for world in ("desert", "snow", "forest"):
        expect(page.locator("summary")).to_be_hidden()
        before = page.locator(".where-on").bounding_box()["y"]
        answer(page, world)
        assert page.locator(".where-on").bounding_box()["y"] == before, "nothing moves"
        if world != "forest":
            page.get_by_text("Next car").dblclick()
            expect(page.locator("fieldset:visible button:enabled")).to_have_count(6)
    expect(page.locator("summary")).to_be_visible()
    assert page.locator("details").get_attribute("open") is None


def test_answers_and_score_are_there_after_the_page_was_loaded_again_and_gone_to_play_again(opened):
    page = opened().page
    answer(page, "desert")
    expect(page.locator("[data-out=so-far]")).to_have_text("1 of 1 is right, 2 to go.")
    page.get_by_text("Next car").click()
    page.reload()
    expect(page.locator("fieldset:visible legend")).to_contain_text("2 of 3")
    answer(page, "forest")
    expect(page.locator("[data-out=so-far]")).to_have_text("1 of 2 are right, 1 to go.")
    page.get_by_text("Next car").click()
    answer(page, "forest")
    page.reload()
    expect(page.locator("[data-out=so-far]")).to_contain_text("2 of 3 are right.")
    expect(page.locator("fieldset:visible img.where-seen")).to_be_visible()
    assert score(page) == ["1 of 1", "0 of 1", "1 of 1", "2 of 3"]
    page.get_by_text("Play again").click()
    expect(page.locator("fieldset:visible legend")).to_contain_text("1 of 3")
    expect(page.locator(".where-score")).to_be_hidden()
    expect(page.locator("fieldset:visible button:enabled")).to_have_count(6)
    expect(page.locator("img.where-whole")).to_have_count(0)


def test_answers_stay_where_a_link_within_the_page_leads_and_on_the_way_back(opened):
    page = opened().page
    answer(page, "desert")
    page.get_by_text("Next car").click()
    expect(page.locator("fieldset:visible legend")).to_contain_text("2 of 3")
    page.evaluate("location.hash = 'a-heading'")
    page.wait_for_function("history.state?.where?.[0] === 'desert'")
    answer(page, "forest")
    page.evaluate("location.hash = 'another'")
    page.wait_for_function("history.state?.where?.[1] === 'forest'")
    assert page.evaluate("location.hash") == "#another"
    page.reload()
    expect(page.locator("[data-out=so-far]")).to_be_attached()
    page.get_by_text("Next car").click()
    expect(page.locator("fieldset:visible legend")).to_contain_text("3 of 3")
    answer(page, "forest")
    expect(page.locator("[data-out=so-far]")).to_contain_text("of 3 are right.")
    page.go_back()
    page.wait_for_function("history.state?.where?.[2] === 'forest'")
    page.reload()
    expect(page.locator("[data-out=so-far]")).to_contain_text("of 3 are right.")


def test_what_does_not_come_is_told_and_the_next_tap_tries_again(opened):
    page = opened().page
    page.wait_for_load_state("networkidle")
    page.route("**/*-whole.webp", lambda route: route.abort())
    answer(page, "desert")
    line = page.locator(".late:visible")
    expect(line).to_contain_text("The whole picture did not come")
    page.unroute("**/*-whole.webp")
    line.click()
    expect(page.locator("img.where-seen")).to_be_visible()
    page.route("**/where-1-body.webp", lambda route: route.abort())
    page.reload()
    on = page.get_by_role("button", name="Next car")
    on.click()
    expect(line).to_contain_text("The next car did not come")
    page.unroute("**/where-1-body.webp")
    on.click()
    expect(page.locator("fieldset:visible legend")).to_contain_text("2 of 3")


def test_no_text_that_is_shown_or_read_aloud_tells_an_answer_before_it_is_given(visit):
    page = visit("/measurements/where/")
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    alts = page.locator(".where img").evaluate_all("all => all.map(e => e.alt)")
    assert not [alt for alt in alts if any(world in alt for world in where.WORLDS)]
    told = page.get_by_text("percent of the mirrors")
    expect(told).to_have_count(1)
    expect(told).to_be_hidden()
    page.get_by_text("What we measured, once you have played").click()
    expect(told).to_be_visible()
    expect(page.locator("article details").get_by_text("cars each")).to_be_visible()


@pytest.mark.parametrize("size", [(844, 390), (1366, 768)])
def test_the_way_on_stands_below_the_answers_and_covers_none_of_what_is_said(visit, size):
    page = visit("/measurements/where/", size=size)
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    page.locator("fieldset:visible .where-worlds button").first.click()
    said = page.locator(".where-verdict:visible").bounding_box()
    stage = page.locator(".where-stage:visible").bounding_box()
    on = page.locator("[data-action=next]").bounding_box()
    assert on["x"] == said["x"] > stage["x"] + stage["width"]
    inks = page.locator("fieldset:visible :is(.where-right, .where-wrong)").evaluate_all(
        "all => all.map(e => getComputedStyle(e).color)"
    )
    assert len(set(inks)) == 2, "by colour, too"
    assert said["y"] + said["height"] <= on["y"]
    assert on["y"] + on["height"] <= stage["y"] + stage["height"] + 1


@pytest.mark.parametrize("size", [(390, 844), (1366, 768), (844, 390)])
def test_a_round_fits_into_a_window_and_a_link_leads_to_it(visit, size):
    page = visit("/measurements/where/#where.round-10", size=size)
    head = page.locator(".md-header").bounding_box()["height"]
    page.wait_for_timeout(300)
    stage = page.locator(".where-stage:visible").bounding_box()
    on = page.locator(".where-on").bounding_box()
    assert head <= stage["y"] and on["y"] + on["height"] <= size[1]
    if size[1] > 400:
        page.evaluate("scrollTo(0, 0)")
        on = page.locator("[data-action=next]").bounding_box()
        assert on["y"] + on["height"] <= size[1], "from the top of the page too"


def test_the_way_on_is_in_view_once_a_round_is_answered_on_a_small_phone(visit):
    page = visit("/measurements/where/", size=(390, 740))
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    page.locator("fieldset:visible .where-worlds button").first.click()
    expect(page.get_by_role("button", name="Next car")).to_be_in_viewport(ratio=1)
    assert page.locator(".where-stage:visible").bounding_box()["y"] > 0


def test_a_finger_answers_by_a_tap_and_one_that_scrolls_across_the_worlds_answers_nothing(visit):
    page = visit("/measurements/where/", **PHONE)
    expect(page.locator("where-quiz.where-ready")).to_be_visible()
    worlds = page.locator("fieldset:visible .where-worlds button")
    verdict = page.locator(".where-verdict:visible")
    worlds.first.evaluate("e => e.scrollIntoView({ block: 'center' })")
    before = page.evaluate("scrollY")
    drag(page, on(worlds.first, 0.5, 0.5), (3, -120))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    drag(page, on(page.locator(".where-stage:visible"), 0.5, 0.8), (150, 0))
    expect(verdict).to_have_text("")
    assert min(button.bounding_box()["height"] for button in worlds.all()) >= 44
    worlds.nth(2).tap()
    expect(worlds.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(verdict).not_to_have_text("")
    page.locator(".where-on [data-action=next]").tap()
    expect(page.locator("fieldset:visible legend")).to_contain_text("2 of")
    expect(verdict).to_have_text("")


def test_a_body_of_the_colour_of_its_ground_has_an_edge(opened):
    """All of one colour but for the hairline: the picture is cut out of nothing else."""
    page = opened().page
    page.locator(".where-stage:visible").evaluate(
        """stage => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 96, height: 64})
            const pen = canvas.getContext("2d")
            pen.fillStyle = getComputedStyle(stage).backgroundColor
            pen.fillRect(30, 20, 40, 20)
            stage.firstElementChild.src = canvas.toDataURL()
            return stage.firstElementChild.decode()
        }"""
    )
    shot = Image.open(BytesIO(page.locator(".where-stage:visible").screenshot())).convert("L")
    width, height = shot.size
    inner = shot.crop((width // 10, height // 10, width * 9 // 10, height * 9 // 10))
    low, high = inner.getextrema()
    assert high - low > 30


def test_without_a_script_every_round_and_its_answer_can_be_read(opened):
    page = opened(java_script_enabled=False).page
    expect(page.locator("fieldset:visible")).to_have_count(3)
    page.locator("summary").click()
    expect(page.locator(".where-answers li").last).to_contain_text(
        "Forest, matte. The judge says snow."
    )
    assert page.locator("fieldset button:visible").count() == 0
