"""What a picture shows is told of that picture and of no other."""

from dataclasses import replace

from gen.publish.build import build

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
