"""What pages list of models and prompts."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish import listings
from gen.publish.draft import Draft


def test_a_prompt_that_nobody_must_have_made_has_no_place_unless_the_page_were_empty(draft):
    ideas = draft.materials.inputs.ideas
    both = next(idea for idea in ideas if len({prompt.model for prompt in idea.prompts}) > 1)
    assert {prompt.model for prompt in listings.placed(draft, both.prompts)} == {"study"}
    optional = [prompt for prompt in both.prompts if prompt.model != "study"]
    assert listings.placed(draft, optional) == optional


def test_models_without_a_picture_are_one_sentence_until_they_have_one(draft, materials):
    said = listings.uncaptured(draft)
    assert "(`sd15`)" in said
    assert "python -m gen capture --model MODEL --weights FILE" in said
    known = tuple(replace(model, required=True) for model in materials.inputs.models)
    sources = replace(materials.inputs, models=known)
    all_made = replace(materials, inputs=sources, preview=True)
    assert "(`" not in listings.uncaptured(Draft(all_made, "a.md"))


def test_a_contact_sheet_shows_each_idea_in_its_order_and_leads_to_it(draft, materials):
    listings.contact(draft, "chrome-desert", "chrome-studio")
    (block,) = draft.blocks
    sheet = LexborHTMLParser(block)
    assert [link.attributes["href"] for link in sheet.css("a")] == [
        "../../ideas/chrome-desert/",
        "../../ideas/chrome-studio/",
    ]
    prompt, capture = draft.find("chrome-desert")
    picture = sheet.css_first("img").attributes
    assert picture["src"] == f"../../captures/{capture.key}/shown.webp"
    assert prompt.text in picture["alt"]


def test_a_contact_sheet_of_an_idea_that_nobody_knows_is_refused(draft):
    with pytest.raises(BadInput, match=r"no prompt chrome-studo .*; did you mean chrome-studio\?"):
        listings.contact(draft, "chrome-studo")
