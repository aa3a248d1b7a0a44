"""What the steps of a reader's own picture conclude: held against mirrors worked out in space."""

import io
import re
from itertools import product

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

PATH = "/your-picture/"
LEAN = """async ([address, cases]) => {
    const {lean} = await import(`${address}/assets/js/picture/lean.js`)
    return cases.map(([down, turned]) => lean(down, turned))
}"""
LEANS = """async ([address, off]) => {
    const {leans} = await import(`${address}/assets/js/picture/lean.js`)
    return leans(off)
}"""


def mirrored(lean: float, turned: float, down: float) -> np.ndarray:
    """Where an eye looks that a mirror sends on, degrees: x to the right, y ahead, z up."""
    t, a, d = np.radians((lean, turned, down))
    normal = np.array((np.cos(t) * np.sin(a), -np.cos(t) * np.cos(a), np.sin(t)))
    toward = np.array((0, np.cos(d), -np.sin(d)))
    return toward - 2 * (toward @ normal) * normal


def level(lean: float, turned: float) -> float:
    """Degrees below the horizon at which such a mirror shows the horizon: by halving."""
    low, high = 0.0, 89.0
    for _ in range(60):
        middle = (low + high) / 2
        up = mirrored(lean, turned, middle)[2] > 0
        low, high = (middle, high) if up else (low, middle)
    return low


def test_the_lean_is_that_of_a_mirror_which_shows_the_horizon_there(visit, address):
    leaning = list(product((0.0, 1.0, 4.0, 12.0, 20.0), (0, 30, 60)))
    cases = [(level(lean, turned), turned) for lean, turned in leaning]
    told = visit(PATH).evaluate(LEAN, [address, cases])
    assert told == pytest.approx([lean for lean, _ in leaning], abs=1e-6)


def test_two_laws_of_a_leaning_mirror_are_not_one():
    """Looked at level it sends the eye up by sin e = sin 2t cos a; the horizon, which is what the
    step asks for, stands in it where tan d = tan 2t cos a. Square on both are twice the lean."""
    for lean, turned in ((5, 0), (5, 60), (20, 45)):
        t, a = np.radians((lean, turned))
        rises = np.arcsin(mirrored(lean, turned, 0)[2])
        assert np.sin(rises) == pytest.approx(np.sin(2 * t) * np.cos(a))
        below = np.radians(level(lean, turned))
        assert np.tan(below) == pytest.approx(np.tan(2 * t) * np.cos(a))
        assert (rises == pytest.approx(2 * t) == below) == (turned == 0)


def test_the_range_of_leans_takes_in_long_and_wide_lenses_and_turning(visit, address):
    off = 0.1
    least, most = visit(PATH).evaluate(LEANS, [address, off])
    for view, turned in product((20, 35, 60), (0, 30, 60)):
        down = np.arctan(2 * off * np.tan(np.radians(view / 2)))
        lean = np.degrees(np.arctan(np.tan(down) / np.cos(np.radians(turned)))) / 2
        assert least - 1e-6 <= lean <= most + 1e-6
    assert mirrored(least, 0, 2 * least)[2] == pytest.approx(0)


def halves(left: tuple[int, ...], right: tuple[int, ...]) -> bytes:
    picture, file = Image.new("RGB", (300, 200), left), io.BytesIO()
    picture.paste(right, (150, 0, 300, 200))
    picture.save(file, "PNG")
    return file.getvalue()


def marked(page: Page, file: bytes, step: str, *places: tuple[float, float]):
    """Brings a picture, puts a step's marks where they belong; what the step says."""
    chosen = {"name": "x.png", "mimeType": "image/png", "buffer": file}
    page.locator("your-picture [type=file]").set_input_files(chosen)
    expect(page.locator("your-picture")).to_have_class(re.compile("own-there"))
    page.locator(f".own-steps [data-go={step}]").click()
    for x, y in places:
        box = page.locator(".own-stage").bounding_box()
        at = {"x": x * box["width"], "y": y * box["height"]}
        page.locator(".own-stage").click(position=at, force=True)
    return page.locator(f"[data-panel={step}] [data-find={step}]")


BODY, AROUND = (0.25, 0.5), (0.75, 0.5)


@pytest.mark.parametrize(
    ("body", "concludes"),
    [
        ((150, 150, 150), "darker. A mirror that swallows some light would do that."),
        ((250, 250, 250), "lighter. It shows another place than this one, or stronger light"),
    ],
)
def test_one_conclusion_takes_in_lightness_and_tint(visit, body, concludes):
    says = marked(visit(PATH), halves(body, (205, 205, 205)), "colours", BODY, AROUND)
    expect(says).to_contain_text("nearly the same tint, ")
    expect(says).to_contain_text(concludes)
    expect(says).not_to_contain_text("clearly different")
    expect(says).not_to_contain_text("The tint differs")


def test_another_tint_is_told_with_its_distance_and_never_as_nearly_the_same(visit):
    says = marked(visit(PATH), halves((200, 120, 90), (120, 160, 220)), "colours", BODY, AROUND)
    expect(says).to_contain_text("far apart. The tint differs")
    expect(says).to_contain_text("0 is the same colour, 100 is black beside white")
    expect(says).to_contain_text("the metal shows another place")
    expect(says).not_to_contain_text("nearly the same tint")


def test_two_colours_that_hardly_differ_have_one_name(visit):
    file = halves((166, 139, 108), (169, 142, 111))  # brown, and tan
    says = marked(visit(PATH), file, "colours", BODY, AROUND)
    expect(says).to_contain_text("as good as the same")
    expect(says).to_contain_text("The metal is brown, and so are the surroundings: ")


def test_a_band_below_the_line_tells_the_least_and_the_most_that_metal_leans(visit):
    """From where its marks lie: each is laid to a pixel."""
    grey, page = halves((90, 90, 90), (90, 90, 90)), visit(PATH)
    says = marked(page, grey, "horizon", (0.2, 0.3), (0.8, 0.3), (0.4, 0.5))
    down = "e => parseFloat(e.style.getPropertyValue('--y'))"
    line, band = (page.locator(f"button[data-mark={n}]").evaluate(down) for n in ("left", "band"))
    assert band - line == pytest.approx(0.2, abs=0.01)
    least = level_of((band - line) / 1.5, 20, 0)
    most = level_of((band - line) / 1.5, 60, 60)
    expect(says).to_contain_text(f"by {least:.1f} to {most:.1f} degrees")


def level_of(off: float, view: float, turned: float) -> float:
    """The lean at which a mirror shows the horizon so far below its line: by halving."""
    down = np.degrees(np.arctan(2 * off * np.tan(np.radians(view / 2))))
    low, high = 0.0, 44.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle, turned) < down else (low, middle)
    return low


@pytest.mark.parametrize(
    ("spot", "verdict", "concludes"),
    [
        (0.8, "Fits", "Shadow and highlight both put the light on the right."),
        (0.4, "Odd", "Hollow metal, a second lamp or a window would do that."),
        (0.61, "Cannot be told", "The highlight lies too near the place that faces you"),
    ],
)
def test_a_highlight_is_held_against_the_place_that_faces_the_camera(
    visit, spot, verdict, concludes
):
    page = visit(PATH)
    grey = halves((90, 90, 90), (90, 90, 90))
    marks = ((0.2, 0.9), (0.3, 0.5), (spot, 0.3), (0.6, 0.75))
    expect(marked(page, grey, "light", *marks)).to_contain_text(concludes)
    expect(page.locator("[data-verdict=light]")).to_have_text(verdict)


def test_our_render_begins_with_the_place_that_is_known_to_face_the_camera(visit):
    page = visit(PATH)
    page.get_by_role("button", name="Try our render").click()
    page.locator(".own-steps [data-go=light]").click()
    expect(page.locator("[data-mark=facing]")).to_have_attribute(
        "aria-label", "Where that body faces you: 66 percent from the left, 71 from above"
    )
    expect(page.locator("[data-panel=light] [data-find]")).to_have_text(
        "Still to put in place: marks 1 and 2."
    )
