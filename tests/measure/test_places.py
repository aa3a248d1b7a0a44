"""Groups of places that move a picture by a known share."""

from dataclasses import replace

import numpy as np
import pytest
from known import rows

from gen.measure import places
from gen.measure.kit import sentences
from gen.measure.kit.swapping import GROUPS, PADDING
from gen.measure.places import Attended, Change, Painted

SHARES = dict(zip(GROUPS, (0.0, 0.25, 0.1, 0.9), strict=True))


def painted(role="finish", frame=0, way=40):
    """Even pictures: each group takes a share of the way, late half of it."""
    steps = [way * share for share in (*SHARES.values(), 1.0)]
    levels = [100.0, *(100 + s for s in steps), *(100 + s / 2 for s in steps)]
    pictures = np.array([np.full((8, 8, 3), level) for level in levels]).round().astype(np.uint8)
    return Painted(Change(role, frame, "before", "after"), pictures)


def test_each_group_moves_the_picture_by_its_share_of_the_way():
    found = rows(places.run([painted(frame=frame) for frame in range(6)]))
    assert found["finish-all"].value == 40 and found["finish-all-late"].value == 20
    assert found["finish-padding"].value == 90 and found["finish-padding-moved"].value == 90
    assert found["finish-own"].value == 0 and found["finish-own-moved"].value == 0
    assert found["finish-later-late"].value == 25
    assert found["finish-more"].value == 90
    assert "one of 8 comparisons" in found["finish-more"].note


def test_where_a_change_lies_is_told_beside_how_much_of_the_picture_is_bodywork():
    bodies = np.zeros((3, 8, 8), bool)
    bodies[0, :4], bodies[1, :, :4], bodies[2, :4] = True, True, True
    every = [replace(painted(frame=frame), bodies=bodies) for frame in range(6)]
    found = rows(places.run(every))
    assert found["finish-inside"].value == found["finish-area"].value == 75, "of either picture"
    assert found["finish-inside-late"].value == found["finish-area-late"].value == 50
    onto = painted().pictures.copy()
    onto[5][:, 4:] = onto[0][:, 4:]  # by all places the left half alone changes
    half = [replace(each, pictures=onto) for each in every]
    assert rows(places.run(half))["finish-inside"].value == 100
    assert rows(places.run([painted()], (), "no judge"))["finish-inside"].note == "no judge"


def test_changes_of_one_sentence_count_once():
    both = [painted(frame=frame, way=way) for frame in range(6) for way in (20, 60)]
    found = rows(places.run(both))
    assert found["finish-all"].n == found["finish-padding"].n == 6
    assert found["finish-all"].value == 40


def test_attention_is_shared_out_among_groups():
    maps = {"words": np.full((4, 6), 0.3), PADDING: np.full((4, 6), 0.7)}
    sizes = {"words": 0.1, PADDING: 0.9}
    looks = [Attended(np.zeros((32, 48, 3), np.uint8), maps, sizes)] * 6
    measured = places.run([painted()], looks)
    found = rows(measured)
    assert found["attention-words"].value == 30 and found["attention-padding"].value == 70
    assert found["attention-words-even"].value == 10, "what its number of places would give it"
    assert found["attention-padding-even"].value == 90
    assert set(measured.pictures) == {"swaps.webp", "padding.webp"}


def test_no_change_asks_for_what_training_never_saw():
    from tiny import ROOT

    from gen.study.recipe.whole import read_recipe
    from gen.study.world.captions import understood

    recipe = read_recipe(ROOT / "sources/study.yml").render
    for change in sentences.changes():
        for text in (change.before, change.after):
            said = understood(text, recipe)
            assert not any(combination.items() <= said.items() for combination in recipe.held_out)


def test_each_role_has_three_words_that_take_turns_in_every_sentence():
    made = sentences.changes()
    assert len(made) == 2 * len(sentences.ROLES) * len(sentences.FRAMES)
    for role, words in sentences.ROLES.items():
        mine = [change for change in made if change.role == role]
        assert {c.frame for c in mine} == set(range(len(sentences.FRAMES)))
        for change in mine:
            before, after = (set(t.split()) for t in (change.before, change.after))
            differing = {word.strip(",") for word in before ^ after}
            assert len(differing) == 2 and differing <= set(words)


# ---- what is painted from what, on the tiny project -------------------------------------------


def test_every_change_is_painted_from_the_noise_of_its_sentence(made, project):
    handed = made(places).handed
    assert [p.change for p in handed["painted"]] == sorted(
        sentences.changes(), key=lambda c: list(sentences.ROLES).index(c.role)
    )
    first = handed["painted"][0]
    own = project.generated("own", [first.change.before], [1], project.recipe.score.guidance_scale)
    assert first.pictures[0].shape == own[0].shape
    worlds = [
        p for p in handed["painted"] if p.change.role != sentences.METAL and not p.change.frame
    ]
    bases = {p.pictures[0].tobytes() for p in worlds}
    assert len(bases) == 1, "one sentence, one noise, one picture to begin with"


def test_bodies_are_those_of_the_first_picture_and_of_both_by_all_places(made, project):
    for each in made(places).handed["painted"][:3]:
        pictures = each.pictures[[0, 5, 10]]
        assert np.array_equal(each.bodies, project.judging.read(pictures).mask >= 128)


def test_all_of_attention_is_shared_out(made):
    attended = made(places).handed["attended"]
    assert len(attended) == len(sentences.FRAMES)
    for look in attended:
        assert sum(look.maps.values()) == pytest.approx(1, abs=1e-4)
        assert look.sizes.keys() == look.maps.keys()
        assert sum(look.sizes.values()) == pytest.approx(1)
        assert look.sizes["start"] == 1 / 77
