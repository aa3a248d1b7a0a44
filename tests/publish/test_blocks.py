"""What prose shows of captures and measurements."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core import refused
from gen.core.errors import BadInput, MissingRecord
from gen.publish import blocks, comparing, examples, listings, pipelines
from gen.publish.draft import Draft
from gen.publish.wording import in_words


def block(draft: Draft) -> LexborHTMLParser:
    """What the last macro left aside."""
    return LexborHTMLParser(draft.blocks[-1])


def test_a_lab_stands_aside_and_the_page_has_the_element(draft):
    assert blocks.lab(draft, "chrome-studio") == '<div data-aside="0"></div>'
    assert draft.elements == {"lab", "run-here"}
    assert block(draft).css_first("step-lab").attributes["id"] == "lab-chrome-studio"


def test_an_optional_model_without_a_capture_is_a_sentence(draft):
    assert "python -m gen capture chrome-studio --model sd15" in blocks.lab(
        draft, "chrome-studio", "sd15"
    )
    assert draft.elements == set()


def test_a_lab_opens_on_the_noise_and_where_it_names_itself(draft):
    blocks.lab(draft, "chrome-studio")
    lab = block(draft).css_first("step-lab")
    assert lab.css_first("input.slider").attributes["value"] == lab.attributes["data-step"] == "1"
    cite = lab.css_first(".lab-cite a")
    assert cite.text() == "https://me.example/docs/ideas/one/#lab-chrome-studio"


def test_a_lab_leads_to_where_a_word_works_where_that_was_measured(draft):
    known = draft.materials.measurements
    for word, links in ({}, []), ({blocks.WORD: known["mixing"]}, ["../../measurements/word/"]):
        rest = {id: m for id, m in known.items() if id != blocks.WORD}
        drawn = Draft(replace(draft.materials, measurements=rest | word), draft.path)
        blocks.lab(drawn, "chrome-studio")
        hint = block(drawn).css_first(".lab-hint")
        assert hint.text().startswith("What glows reads the word most. This map shows where")
        assert [link.attributes["href"] for link in hint.css("a")] == links


@pytest.mark.parametrize(
    ("captions", "wipe", "says"),
    [
        ({"lights": "x"}, (), "mixing keeps no mixing-lights.webp"),
        ({"light": "x"}, ("light", "finish"), "wipe names finish, which has no caption"),
    ],
)
def test_a_picture_that_a_measurement_does_not_have_is_refused(draft, captions, wipe, says):
    with pytest.raises(BadInput, match=f"^ideas/one.md: example: {says}"):
        examples.example(draft, "mixing", wipe=wipe, **captions)


def test_pictures_of_a_wipe_lie_together_and_the_others_before_them(draft):
    captions = {"pane": "P", "light": "L", "finished": "F"}
    examples.example(draft, "mixing", wipe=("light", "finished"), **captions)
    page = LexborHTMLParser(draft.blocks[-1])
    panes = [figure.attributes.get("data-pane") for figure in page.css("figure")]
    assert panes == [None, "a", "b"]
    assert draft.elements == {"wipe"}
    assert [label.text() for label in page.css("label")] == ["wipe", "side by side"]


def test_two_wipes_of_one_measurement_are_looked_at_each_in_its_way(draft):
    captions = {"pane": "P", "light": "L", "finished": "F"}
    for names in (("light", "finished"), ("pane", "finished")):
        examples.example(draft, "mixing", wipe=names, **captions)
    one, other = map(LexborHTMLParser, draft.blocks)
    groups = [page.css_first("input[type=radio]").attributes["name"] for page in (one, other)]
    assert len(set(groups)) == 2


def test_pictures_without_a_wipe_need_no_element(draft):
    examples.example(draft, "mixing", pane="P")
    assert draft.elements == set()


def test_captions_of_pictures_stand_aside_so_that_no_search_quotes_them(draft):
    captions = {"pane": "As it was", "light": "Wiped", "finished": "Over it"}
    said = examples.example(draft, "mixing", wipe=("light", "finished"), **captions)
    assert not [caption for caption in captions.values() if caption in said]
    assert all(caption in draft.blocks[-1] for caption in captions.values())


def test_an_idea_without_a_reference_is_refused_but_in_a_preview(draft):
    without = replace(draft.materials, references={})
    with pytest.raises(MissingRecord, match="run python -m gen study reference chrome-desert"):
        blocks.beside(Draft(without, "x.md"), "chrome-desert")
    preview = Draft(replace(without, preview=True), "x.md")
    assert "There is no capture of" in blocks.beside(preview, "chrome-desert")


def test_a_strip_is_noted_so_that_it_is_drawn(draft, materials):
    blocks.strip(draft, "chrome-desert")
    assert draft.strips == {materials.keys[materials.prompt("x.md", "chrome-desert")]}


def test_boxes_of_the_diagram_cite_facts_of_the_page(draft):
    blocks.diagram(draft, "chrome-studio")
    assert ("sd", "eight-bit") in draft.facts
    assert len(block(draft).css(".diagram-box a.cited")) > 15


@pytest.fixture(params=["text", "steps"])
def comparison(request, materials):
    """One whose words differ, and one whose numbers do."""
    every = materials.inputs.comparisons
    return next(comparison for comparison in every if comparison.varies == request.param)


def test_the_words_that_differ_are_marked_where_words_vary_and_nowhere_else(draft, comparison):
    prompts = [p for p in comparison.prompts if draft.materials.required(p)]
    comparing.side_by_side(draft, comparison, prompts)
    runs = block(draft).css("ul.side-by-side > li")
    assert len(runs) == len(prompts)
    marked = [len(run.css("mark")) for run in runs]
    assert any(marked) == (comparison.varies == "text")


def test_a_comparison_opens_at_the_step_of_its_longest_run(draft, comparison):
    prompts = [p for p in comparison.prompts if draft.materials.required(p)]
    comparing.side_by_side(draft, comparison, prompts)
    last = max(prompt.steps for prompt in prompts)
    states = block(draft).css_first("compare-lab").attributes["data-states"].split()
    assert f"step-{last}" in states and f"step-{last + 1}" not in states


def test_a_comparison_of_an_optional_model_says_what_to_run(draft, materials):
    comparison = materials.inputs.comparisons[0]
    optional = [p for p in comparison.prompts if not materials.required(p)]
    assert optional
    assert "--model" in comparing.side_by_side(draft, comparison, optional)


def test_the_asks_are_numbered_from_1_each_a_link_to_the_page_that_answers_it(draft, materials):
    asks = listings.asks(draft).splitlines()
    assert [ask.partition(".")[0] for ask in asks] == ["1", "2", "3"]
    assert [ask.rpartition("(")[2] for ask in asks] == [
        "../task.md)",
        "../workflow.md)",
        "../sources.md)",
    ]


def test_cards_of_ideas_can_be_narrowed_down_and_those_of_comparisons_cannot(draft, materials):
    listings.ideas(draft)
    gallery = block(draft)
    assert len(gallery.css("li")) == len(materials.inputs.ideas)
    assert gallery.css_first("idea-gallery")
    listings.comparisons(draft)
    assert len(block(draft).css("li")) == len(materials.inputs.comparisons)
    assert block(draft).css_first("idea-gallery") is None


def test_a_card_of_a_comparison_shows_its_first_picture_beside_its_last(draft, materials):
    listings.comparisons(draft)
    for comparison, card in zip(materials.inputs.comparisons, block(draft).css("li"), strict=True):
        own = [p for p in comparison.prompts if materials.required(p)]
        shown = [img.attributes["src"].split("/")[-2] for img in card.css(".ends img")]
        assert shown == [materials.capture(own[n]).key for n in (0, -1)]
        assert len(set(shown)) == 2


def test_every_capture_is_listed_with_its_prompt(draft, materials):
    listings.captures(draft)
    rows = block(draft).css("tbody tr")
    assert len(rows) == sum(1 for p in materials.inputs.prompts if materials.capture(p))
    assert all(row.css_first("a").attributes["href"].startswith("../../ideas/") for row in rows)


def test_samplers_are_told_by_the_names_that_people_know(draft, materials):
    every = materials.inputs.comparisons
    comparison = next(comparison for comparison in every if comparison.varies == "scheduler")
    names = [comparing._varied(comparison, prompt) for prompt in comparison.prompts]
    assert names[0] == "DDIM" and not any("Scheduler" in name for name in names)
    assert set(comparing.SAMPLERS) == set(refused.SCHEDULERS)
    assert comparing._varying(comparison) == "sampler"


def test_the_caption_of_a_clip_says_how_much_larger_the_other_model_is(draft):
    blocks.loop(draft, "chrome-studio", beside="sd15")
    said = block(draft).css_first("figcaption").text()
    sizes = [
        in_words(
            pipelines.of(
                draft.materials, draft.materials.prompt("", "chrome-studio", id)
            ).parameters
        )
        for id in ("study", "sd15")
    ]
    assert sizes[0] != sizes[1]
    assert f"{sizes[0]} parameters, where Stable Diffusion 1.5 has {sizes[1]}" in said
    blocks.loop(draft, "chrome-studio")
    assert "parameters" not in block(draft).css_first("figcaption").text()
