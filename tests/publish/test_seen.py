"""What a picture shows is told of that picture and of no other."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from gen.publish import seen
from gen.publish.build import build
from gen.publish.wording import plain

SAID = "**What it shows.** "


def page_of(pages, idea) -> str:
    return pages[f"ideas/{idea.id}.md"].text


def test_every_idea_tells_what_the_kept_picture_of_it_shows(materials, built):
    for idea in materials.inputs.ideas:
        capture = materials.capture(next(p for p in idea.prompts if materials.required(p)))
        move = f"{idea.id}: look at its picture, and write `seen` and `seen_in` anew"
        assert capture.key.startswith(idea.seen_in or "none"), move
        assert page_of(built.pages, idea).count(SAID) == 1


def test_of_another_capture_nothing_is_told(materials):
    first, *others = materials.inputs.ideas
    other = replace(first, seen_in="00000000")
    ideas = replace(materials, inputs=replace(materials.inputs, ideas=(other, *others)))
    pages = build(ideas).pages
    assert SAID not in page_of(pages, first)
    assert SAID in page_of(pages, others[0])


def test_what_was_said_of_other_pictures_is_told_to_who_builds(materials, built):
    assert built.notes == ()
    inputs = materials.inputs
    idea = replace(inputs.ideas[0], seen_in="00000000")
    pair = replace(inputs.comparisons[0], seen_in=("00000000", "11111111"))
    ideas, comparisons = (idea, *inputs.ideas[1:]), (pair, *inputs.comparisons[1:])
    other = replace(inputs, ideas=ideas, comparisons=comparisons)
    first, second = seen.of_others(replace(materials, inputs=other))
    place = rf"sources/prompts\.yml:\d+: ideas > {idea.id} > seen_in: 00000000: other pictures"
    assert re.match(place, first)
    assert f"comparisons > {pair.id} > seen_in: 00000000, 11111111: other" in second


def heading_of(pages, comparison) -> str:
    text = pages[f"comparisons/{comparison.id}.md"].text
    return next(line for line in text.splitlines() if line.startswith("# ")).removeprefix("# ")


def test_a_comparison_is_headed_by_what_all_its_kept_pictures_show(materials, built):
    blocks = "".join(built.pages["comparisons/index.md"].blocks)
    told = [card.text() for card in LexborHTMLParser(blocks).css(".cards span")]
    for comparison in materials.inputs.comparisons:
        needed = [p for p in comparison.prompts if materials.required(p)]
        keys = tuple(materials.capture(prompt).key[:8] for prompt in needed)
        move = f"{comparison.id}: look at its pictures, and write `seen` and `seen_in` anew"
        assert keys == comparison.seen_in, move
        assert heading_of(built.pages, comparison) == plain(comparison.seen)
        assert comparison.seen in told


def test_of_other_pictures_a_comparison_is_headed_by_its_title(materials):
    first, *others = materials.inputs.comparisons
    for begins in (("00000000", *first.seen_in[1:]), first.seen_in[:-1]):
        other = (replace(first, seen_in=begins), *others)
        changed = replace(materials, inputs=replace(materials.inputs, comparisons=other))
        pages = build(changed).pages
        assert heading_of(pages, first) == first.title
        assert "The title tells" not in pages[f"comparisons/{first.id}.md"].text
        assert "The title tells" in pages[f"comparisons/{others[0].id}.md"].text
