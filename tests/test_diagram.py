"""The diagram is drawn from what was captured."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from gen import diagram, inputs, store
from gen.diagram import Cite

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def study():
    given = inputs.read(ROOT)
    key = next(
        given.key(p) for p in given.prompts if p.id == "chrome-studio" and p.model == "study"
    )
    return store.read(ROOT, key)


@pytest.fixture(scope="module")
def tiny(tiny_pipe, tiny_prompt, tiny_model):
    from gen import capture

    colours = capture.latent_colours(tiny_pipe, tiny_model)
    return capture.capture(tiny_pipe, tiny_prompt, tiny_model, colours)[0]


def drawn(capture, cites=None):
    return ElementTree.fromstring(diagram.svg(capture, cites or {}, "d"))


def words(svg) -> str:
    return " | ".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))


def test_two_models_give_two_true_diagrams(study, tiny):
    first, second = words(drawn(study)), words(drawn(tiny))
    assert first != second
    for capture, text in ((study, first), (tiny, second)):
        unet = capture.part("unet")
        assert f"{diagram.count(unet.parameters)} parameters" in text
        assert f"latents {diagram.shape(unet.takes[0])}" in text
        assert f"{len(capture.steps)} steps" in text
        assert f"{capture.prompt.width} × {capture.prompt.height} pixels" in text


def test_every_box_stands_in_the_drawing_and_none_on_another(study):
    boxes = diagram._boxes(study, {})
    assert [box.name for box in boxes] == list(diagram.BOXES)
    _, _, _, height = (float(n) for n in drawn(study).attrib["viewBox"].split())
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= diagram.WIDTH
        assert box.bottom <= height
    for one in boxes:
        for other in boxes:
            apart = one.bottom <= other.y or other.bottom <= one.y
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert one is other or apart or beside


def test_a_cited_box_is_a_link_that_is_read_out(study):
    svg = drawn(study, {"unet": Cite("https://example.com/x#L1", "x, line 1")})
    (link,) = svg.iter(f"{SVG}a")
    assert link.attrib["href"] == "https://example.com/x#L1"
    assert link.attrib["aria-label"] == "U-Net: x, line 1"


def test_it_is_described_for_those_who_do_not_see_it(study):
    svg = drawn(study)
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert "Study model" in title.text
    assert f"loop of {len(study.steps)} steps" in description.text


@pytest.mark.parametrize(
    ("parameters", "text"),
    [(859_520_964, "860 M"), (8_792_000, "8.79 M"), (453_120, "453 k"), (7, "7")],
)
def test_parameters_are_told_in_three_figures(parameters, text):
    assert diagram.count(parameters) == text


@pytest.mark.parametrize(
    ("size", "text"), [((1, 77, 768), "77 × 768"), ((2, 4, 16, 24), "24 × 16 × 4"), ((1,), "1")]
)
def test_shapes_are_told_without_the_batch_and_pictures_width_first(size, text):
    assert diagram.shape(size) == text


def test_a_long_prompt_is_cut_to_three_lines():
    lines = diagram._fit("word " * 60, 44)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(len(line) <= 44 for line in lines)
