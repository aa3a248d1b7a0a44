"""The diagram is made from what was captured, level by level."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core import blueprints, inputs, store
from gen.core.errors import MissingRecord
from gen.publish import blocks, diagram, pipelines, wording
from gen.publish.diagram_boxes import Box, Cite, Frame, Level
from gen.publish.diagram_kinds import FACTS
from gen.publish.draft import Draft
from gen.publish.html import placeholders
from gen.publish.materials import Materials

ROOT = Path(__file__).parents[2]
BLOCK = "BasicTransformerBlock"  # it becomes a frame
CITES = {box: Cite(f"https://example.com/{fact}", fact, fact) for box, fact in FACTS.items()}


@pytest.fixture(scope="module")
def study():
    sources = inputs.read(ROOT)
    key = next(
        sources.key(p) for p in sources.prompts if p.id == "chrome-studio" and p.model == "study"
    )
    return store.read(ROOT, key)


@pytest.fixture(scope="module")
def tiny(tiny_pipe, tiny_prompt, tiny_model):
    from gen.capture import latent_colours, one

    colours = latent_colours.latent_colours(tiny_pipe, tiny_model)
    return one.capture(tiny_pipe, tiny_prompt, tiny_model, colours)[0]


@pytest.fixture(scope="module", params=["study", "tiny"])
def capture(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def whole(capture) -> Level:
    return drawn(capture, CITES)


def drawn(capture, cites) -> Level:
    (level,) = diagram.side_by_side({"d": pipelines.captured(capture)}, cites)
    return level


def inside(row: Box | Frame) -> list[Box]:
    """A box, or the boxes in a frame, without what they hold when opened."""
    return [row] if isinstance(row, Box) else [box for each in row.rows for box in inside(each)]


def boxes(level: Level) -> list[Box]:
    return [box for row in level.rows for box in inside(row)]


def levels(level: Level) -> list[Level]:
    deeper = [box.inside for box in boxes(level) if box.inside]
    return [level, *(each for one in deeper for each in levels(one))]


def every(level: Level) -> list[Box]:
    return [box for one in levels(level) for box in boxes(one)]


def named(level: Level, name: str) -> Box:
    return next(box for box in every(level) if box.name == name)


def test_it_opens_level_by_level_down_to_one_cross_attention(whole):
    level, passed = whole, []
    for name in ("model", "unet", "stage", "attention", "cross_attention"):
        (box, *_) = [b for b in boxes(level) if b.name == name and b.inside and deep(b)]
        level, passed = box.inside, [*passed, box.inside.title]
    assert passed[:2] == ["The model", "U-Net"]
    assert [box.name for box in boxes(level)] == ["queries", "answers", "weights", "sum"]
    assert [title for _, title in level.trail] == ["The whole", *passed]


def deep(box: Box) -> bool:
    """Whether a cross-attention opens somewhere in a box, itself included."""
    return any(b.name == "cross_attention" and b.inside for b in (box, *every(box.inside)))


def test_each_level_knows_those_around_it_and_no_two_share_an_id(whole):
    found = levels(whole)
    assert Counter(level.id for level in found).most_common(1)[0][1] == 1
    assert all("." not in level.id for level in found)
    for level in found:
        assert level.trail[-1] == (level.id, level.title)
        for deeper in (box.inside for box in boxes(level) if box.inside):
            assert deeper.trail[:-1] == level.trail


def test_no_box_is_without_evidence_and_every_fact_has_a_box(whole):
    boxed = every(whole)
    assert [box.title for box in boxed if not box.figures] == []
    assert set(FACTS) <= {box.name for box in boxed}
    assert {box.name for box in boxed if box.cite} == set(FACTS)


def test_a_fact_is_told_once_and_then_only_linked(whole):
    told = [box.cite.text for box in every(whole) if box.tells]
    assert sorted(told) == sorted(set(FACTS.values()))


def test_figures_are_those_of_the_capture(capture, whole):
    unet, vae = capture.part("unet"), capture.part("vae.decoder")
    for part, figures in ((unet, named(whole, "unet").figures), (vae, named(whole, "vae").figures)):
        assert figures[0].startswith(f"takes {wording.shape(part.takes[0])}")
        assert figures[1].startswith(f"gives {wording.shape(part.gives[0])}")
        size, share = wording.count(part.parameters), wording.percent(part.flops_share)
        assert figures[2] == f"{size} parameters, {share} of the arithmetic"
    (_, places, _), (_, words, _) = next(
        p.takes for p in capture.parts if p.cls == "Attention" and len(p.takes) > 1
    )
    assert named(whole, "weights").figures == (f"{places} × {words} a head",)


def test_the_model_s_parameters_are_those_of_its_networks_together(capture, whole):
    networks = [part.parameters for part in capture.parts if part.parent is None]
    assert named(whole, "model").figures == (f"{wording.count(sum(networks))} parameters",)


def test_every_part_of_the_unet_down_to_the_open_attention_is_drawn(capture, whole):
    wanted = [p for p in capture.parts if p.parent == "unet"]
    wanted += [p for p in capture.parts if p.parent in {w.name for w in wanted}]
    first = next(p for p in capture.parts if p.cls == "Transformer2DModel")
    wanted += [p for p in capture.parts if p.name.startswith(f"{first.name}.") and p.cls != BLOCK]
    boxed = every(named(whole, "unet").inside)
    cross = {"queries", "answers", "weights", "sum"}  # made from what the last part took
    assert Counter(p.cls for p in wanted) == Counter(b.cls for b in boxed if b.name not in cross)


def test_frames_lie_as_the_grids_do_coarser_within_finer(capture, whole):
    def sizes(frame: Frame) -> list[int]:
        """Places on the grids of a frame and of those inside it, from outside."""
        width, height = frame.label.removeprefix("grid of ").split(" × ")
        deeper = [row for row in frame.rows if isinstance(row, Frame)]
        assert len(deeper) <= 1
        return [int(width) * int(height), *(sizes(deeper[0]) if deeper else [])]

    unet = named(whole, "unet").inside
    (frame,) = [row for row in unet.rows if isinstance(row, Frame)]
    grids = {p.takes[0][2:] for p in capture.parts if p.parent == "unet" and len(p.takes[0]) == 4}
    areas = {height * width for height, width in grids}
    assert sizes(frame) == sorted(areas, reverse=True)


def test_other_attentions_lead_to_the_first_where_they_hold_the_same(study):
    whole = drawn(study, {})
    attentions = [box for box in every(whole) if box.name == "attention"]
    opened, others = attentions[0], attentions[1:]
    assert opened.inside
    assert others
    assert {box.like for box in others} == {opened.inside.id}


def test_without_facts_nothing_claims_to_be_cited(study):
    assert not any(box.cite or box.tells for box in every(drawn(study, {})))


@pytest.fixture(scope="module")
def pair(study) -> tuple[Level, Level, pipelines.Pipeline]:
    """The study model's diagram and beside it Stable Diffusion 1.5's, from its blueprint."""
    materials = reading(study)
    other = pipelines.of(materials, materials.prompt("x.md", "chrome-studio", "sd15"))
    both = {"d": pipelines.captured(study), "other": other}
    return (*diagram.side_by_side(both, CITES), other)


def reading(study) -> Materials:
    """Pages' materials with one capture and what is worked out of models without weights."""
    sources, captures = inputs.read(ROOT), {study.key: study}
    drawn = blueprints.read_all(ROOT, sources)
    return Materials(ROOT, sources, captures=captures, blueprints=drawn)


def test_a_model_without_weights_is_drawn_as_large_as_it_is(pair, study):
    first, second, other = pair
    assert other.capture is None
    assert named(second, "model").figures == (f"{wording.count(other.parameters)} parameters",)
    assert other.part("unet").parameters == 859_520_964  # as the real weights have
    ids = [level.id for one in (first, second) for level in levels(one)]
    assert len(ids) == len(set(ids))
    larger = round(other.parameters / pipelines.captured(study).parameters)
    assert f" {larger} times " in second.intro


def test_a_prompt_is_shown_in_its_tokens_whether_or_not_it_was_captured(pair, study):
    """One word of the two prompts is in pieces: it goes on behind a hyphen."""
    first, second, other = pair
    many, split = (text.replace("\u00a0", " ") for text in named(first, "tokenizer").figures)
    assert many == f"{len(study.tokens)} tokens, padded to 77 places"
    assert split == "start · a · chrome · car · in · a · studio · , · side · view · end"
    assert other.prompt.text.startswith(
        "a chrome sports car in a photo studio with large softboxes"
    )
    many, split = (text.replace("\u00a0", " ") for text in named(second, "tokenizer").figures)
    assert many == f"{len(split.split(' · '))} tokens, padded to 77 places"
    assert split.startswith("start · a · chrome · sports · car · in · a · photo · studio · with · ")
    assert " · large · soft- · boxes · , · " in split


def test_of_a_text_that_its_blueprint_does_not_split_no_number_is_told(pair):
    other = pair[2]
    bare = replace(other, blueprint=replace(other.blueprint, splits=()))
    (whole,) = diagram.side_by_side({"d": bare}, CITES)
    assert named(whole, "tokenizer").figures == ("tokens, padded to 77 places",)


def test_blocks_of_two_models_are_drawn_to_one_scale(pair, study):
    first, second, other = pair
    sides = [box.slab for one in (first, second) for box in every(one) if box.slab]
    assert max(width for width, _, _ in sides) == 40
    last = [box.slab for one in (first, second) for box in every(one) if box.title == "last layer"]
    small, large = last
    grids = [part.gives[0][3] for part in (study.part("unet"), other.part("unet"))]
    assert small[0] / large[0] == pytest.approx(grids[0] / grids[1], abs=0.02)


def test_of_two_diagrams_the_first_tells_a_fact_and_the_second_links_to_it(pair):
    first, second, _ = pair
    assert {box.name for box in every(second) if box.cite} == set(FACTS)
    assert not any(box.tells for box in every(second))
    assert any(box.tells for box in every(first))


def test_the_larger_model_has_no_part_of_a_kind_that_the_study_model_lacks(pair, study):
    assert {part.cls for part in pair[2].parts} == {part.cls for part in study.parts}


def test_a_capture_of_the_larger_model_takes_the_place_of_its_blueprint(study):
    materials = reading(study)
    prompt = materials.prompt("x.md", "chrome-studio", "sd15")
    pinned = replace(materials.inputs.model("sd15"), revision="0" * 64)
    models = [pinned if one.id == "sd15" else one for one in materials.inputs.models]
    sources = replace(materials.inputs, models=tuple(models))
    key = prompt.key(pinned)
    captures = {key: replace(study, key=key, prompt=prompt, model=pinned)}
    shown = pipelines.of(replace(materials, inputs=sources, captures=captures), prompt)
    assert (shown.capture.key, shown.record) == (key, f"captures/{key}/capture.json")


def test_without_a_blueprint_the_command_is_named_that_makes_it(study):
    materials = replace(reading(study), blueprints={})
    prompt = materials.prompt("x.md", "chrome-studio", "sd15")
    with pytest.raises(MissingRecord, match=r"no blueprint \w+ of sd15; run python -m gen bluep"):
        pipelines.of(materials, prompt)
    assert pipelines.of(replace(materials, preview=True), prompt) is None


@pytest.fixture(scope="module")
def placed(study) -> LexborHTMLParser:
    """The diagram as it stands on a page."""
    draft = Draft(Materials(ROOT, inputs.read(ROOT), captures={study.key: study}), "workflow.md")
    mark = blocks.diagram(draft, "chrome-studio")
    return LexborHTMLParser(placeholders.put_back("workflow.md", mark, draft.blocks))


def test_on_a_page_every_level_is_a_closed_details_with_a_trail_of_links(placed):
    levels = placed.css("details > .diagram-level")
    assert len(levels) == len(placed.css("details")) > 8
    assert placed.css("details[open]") == []
    ids = [each.attributes["id"] for each in placed.css("[id]")]
    assert len(ids) == len(set(ids))
    links = {a.attributes["href"][1:] for a in placed.css("a[href^='#']")}
    assert links <= set(ids)
    for level in levels:
        here = level.css_first(".diagram-trail [aria-current]").text()
        assert level.attributes["aria-label"] == f"Inside: {here}"


def test_on_a_page_each_box_says_which_model_and_where_it_is_written(placed, study):
    for box in placed.css(".diagram-box"):
        assert box.css_first(".evidence.measured").text() == study.model.title
        for own in (row for row in box.iter() if row.attributes.get("class") == "diagram-cited"):
            assert own.css_first(".diagram-v1").text() == "Stable Diffusion v1"
            assert "/blob/" in own.css_first("a.cited").attributes["href"]
    assert placed.css("[style]") == []
