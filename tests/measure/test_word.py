"""A word whose effect is known."""

import numpy as np
import pytest
from known import box, noise, rows

from gen.measure import word
from gen.measure.kit.looking import overlap
from gen.measure.kit.watching import Watched, attention

STEPS = 6


def pair(part_at=3, n=16):
    """Inside the body one word makes everything 40 levels brighter, from one step on."""
    masks = box(n)
    before = np.minimum(noise(n), 200)
    after = before.copy()
    after[masks >= 128] += 40
    early, late = np.repeat(before[:, None], STEPS, 1), np.repeat(before[:, None], STEPS, 1)
    late[:, part_at - 1 :] = after[:, None]
    return word.Pair("finish", Watched(early, before), Watched(late, after), masks)


def look(where, role="finish", effect=None):
    """Attention on one half of a grid whose left half is body: 3 steps, 2 layers."""
    body = np.zeros((4, 6))
    body[:, :3] = 1
    maps = np.full((3, 2, 4, 6), 0.01)
    maps[..., :3] = 0.5 if where == "body" else 0.01
    maps[..., 3:] = 0.5 if where == "elsewhere" else 0.01
    return word.Look(role, maps, body, effect)


def test_a_change_is_found_where_it_was_made():
    found = rows(word.run([pair()], []))
    assert found["finish-inside"].value == pytest.approx(100)
    assert found["finish-area"].value == pytest.approx(25)
    assert found["finish-brighter"].value == pytest.approx(40, abs=0.1)
    assert found["finish-parts"].value == 3
    assert found["finish-change"].value < found["noise"].value
    assert (found["noise"].n, found["finish-less"].n) == (8, 8), "no picture stands in two pairs"


def test_without_masks_the_size_of_a_change_is_still_measured():
    found = rows(word.run([pair()], [look("body")], "not used"))
    assert found["finish-change"].value == pytest.approx(10, abs=0.1)
    assert found["finish-inside"].value is None
    assert found["finish-iou"].note == "not used"


def test_attention_on_the_body_and_beside_it():
    looks = [look("body"), look("body"), *[look("elsewhere", "object")] * 2]
    found = rows(word.run([], looks))
    assert (found["finish-iou"].value, found["finish-pointing"].value) == (100, 100)
    assert (found["object-iou"].value, found["object-pointing"].value) == (0, 0)
    assert found["finish-iou-floor"].value == pytest.approx(100 / 3, abs=0.01)
    assert found["finish-iou-layer-2"].value == found["finish-iou-step-3"].value == 100
    assert "finish-iou-step-4" not in found


def test_what_lies_above_something_is_told_of_the_same_pictures():
    looks = [*[look("body")] * 6, *[look("elsewhere", "object")] * 6]
    looks += [*[look("body", "probe: sky")] * 6, *[look("elsewhere", "probe: sea")] * 6]
    found = rows(word.run([pair()], looks))
    assert found["finish-iou-above"].value == pytest.approx(100 - 100 / 3, abs=0.01)
    assert found["probe: sea-iou-above"].value == pytest.approx(-100 / 3, abs=0.01)
    assert found["finish-iou-above-probes"].value == pytest.approx(50)
    assert found["object-iou-above-probes"].value == pytest.approx(-50)
    assert "one of 2 comparisons" in found["object-iou-above-probes"].note
    assert "probe: sea-iou-above-probes" not in found
    assert found["finish-less"].value == pytest.approx(
        found["noise"].value - found["finish-change"].value, abs=0.01
    )


def test_attention_and_effect_may_disagree():
    acts = np.zeros((4, 6))
    acts[:, 3:] = 1
    found = rows(word.run([], [look("body", effect=acts), look("body", effect=acts)]))
    assert found["finish-effect"].value == pytest.approx(-1)


def test_a_word_that_changes_every_place_alike_ranks_none_above_another():
    flat, acts = np.ones((4, 6)), np.zeros((4, 6))
    acts[:, :3] = 1
    looks = [look("body", effect=effect) for effect in (flat, acts, acts)]
    found = rows(word.run([], looks))
    assert found["finish-effect"].value == pytest.approx(1)
    assert found["finish-effect"].n == 2, "only where it acts on one place more than on another"


def test_without_a_body_nothing_overlaps():
    assert (overlap(look("body").maps, np.zeros((4, 6))) == 0).all()


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_the_two_wordings_of_a_pair_are_painted_from_the_same_noises(made, project):
    pairs = made(word).handed["pairs"]
    assert [pair.role for pair in pairs] == list(word.WORDS)
    scale, noises = project.prompt.guidance_scale, range(1, word.SEEDS + 1)
    for pair, texts in zip(pairs, word.WORDS.values(), strict=True):
        for run, text in zip((pair.before, pair.after), texts, strict=True):
            again = project.generated("again", [text] * word.SEEDS, list(noises), scale)
            assert np.abs(run.finals.astype(int) - again).mean() < 2, "but for rounding"


def test_a_change_is_located_by_the_bodies_of_both_pictures(made, project):
    for pair in made(word).handed["pairs"]:
        before, after = (project.masks(run.finals) for run in (pair.before, pair.after))
        assert np.array_equal(pair.masks, np.maximum(before, after))
        assert not np.array_equal(before, after), "else either would do"


def test_attention_is_watched_in_more_noises_none_of_them_twice(made, project):
    result = made(word)
    text = next(iter(word.WORDS.values()))[0]
    more = result.generations["looks"]
    assert set(more.prompts) == {text}
    assert more.seeds == tuple(range(word.SEEDS + 1, word.LOOKS + 1))
    red = [look for look in result.handed["looks"] if look.role == "colour"]
    assert len(red) == word.LOOKS
    for at, look in enumerate(red):
        maps = attention(project.pipe, project.prompt_with(text, at + 1), word.PROBES)["red"]
        assert np.array_equal(look.maps, maps)
    assert {look.role for look in result.handed["looks"]} == {
        *word.ROLES.values(), *(f"probe: {name}" for name in word.PROBES)
    }  # fmt: skip


def test_attention_is_laid_over_the_body_of_its_own_picture(made, project):
    result = made(word)
    first = result.handed["pairs"][0].before.finals
    pictures = np.concatenate([first, result.generations["looks"].pictures])
    bodies = [look.body for look in result.handed["looks"] if look.role == "object"]
    for body, mask in zip(bodies, project.masks(pictures), strict=True):
        cell = mask[: len(mask) // len(body), : len(mask) // len(body)]
        assert body[0, 0] == pytest.approx(cell.mean() / 255)


def test_a_words_effect_is_the_change_that_it_made_from_that_noise(made):
    handed = made(word).handed
    for pair in handed["pairs"]:
        looks = [look for look in handed["looks"] if look.role == pair.role]
        change = np.abs(pair.before.finals.astype(float) - pair.after.finals).mean(-1)
        for at, look in enumerate(looks):
            if at >= word.SEEDS:
                assert look.effect is None, "never tried with another word"
            else:
                side = change.shape[1] // len(look.effect)
                assert look.effect[0, 0] == pytest.approx(change[at, :side, :side].mean(), rel=1e-4)


def test_doubt_about_masks_reaches_every_row_that_rests_on_them(made, project):
    from tiny_project import doubting, handed_over

    assert made(word).handed["doubt"] == ""
    assert "mask reaches only" in handed_over(doubting(project, "mask"), word)["doubt"]
