"""Pictures that settle at a known step."""

import numpy as np
import pytest
from known import box, noise, rows

from gen.measure import decided
from gen.measure.decided import Looked
from gen.study.world import captions


def settling(steps=6, coarse_at=2, fine_at=5, n=3):
    """The blurred picture from one step on, the whole one from a later step on; grey before."""
    finals = noise(n, seed=1) // 2 + np.linspace(0, 120, 48, dtype=np.uint8)[None, None, :, None]
    frames = np.full((n, steps, *finals.shape[1:]), 128, np.uint8)
    for i, final in enumerate(finals):
        frames[i, coarse_at - 1 :] = decided.coarse(final).round()
        frames[i, fine_at - 1 :] = final
    return frames, finals


def whole(frames, finals):
    return Looked(frames, finals, box(len(finals)))


def test_each_band_settles_when_it_was_made_to():
    found = rows(decided.run({"mirror": whole(*settling())}))
    assert found["mirror-whole-coarse-settles"].value == 2
    assert found["mirror-whole-fine-settles"].value == 5
    assert found["mirror-whole-fine-1"].value < 5
    assert found["mirror-whole-fine-6"].value == 100
    assert "whole-fine-later" not in found, "nothing to compare with"


def test_body_and_background_are_told_apart():
    frames, finals = settling(coarse_at=5, fine_at=5)
    body = box(len(finals))[0] >= 128
    frames[:, 2:, body] = finals[:, None, body]  # the body is there two steps earlier
    found = rows(decided.run({"mirror": whole(frames, finals)}))
    assert found["mirror-background-fine-settles"].value == 5
    assert found["mirror-body-fine-settles"].value < 5
    frames, finals = settling(coarse_at=5, fine_at=5)
    frames[:, 1:, ~body] = finals[:, None, ~body]  # and now all but the body
    found = rows(decided.run({"mirror": whole(frames, finals)}))
    first = found["mirror-background-fine-settles"].value
    assert first < found["mirror-whole-fine-settles"].value == 5


def test_one_yardstick_for_all_parts_an_even_one_does_not_come_late_by_itself():
    rng = np.random.default_rng(0)
    final = np.zeros((32, 48, 3), np.float32)
    final[:, 24:] = 200
    final[8:24, 12:24] += 2 * rng.standard_normal((16, 12, 1))  # an even part of the picture
    error = 10 * rng.standard_normal(final.shape)
    even, rest = np.zeros((32, 48), bool), np.ones((32, 48), bool)
    even[8:24, 12:24], rest[8:24, 12:24] = True, False
    there = [decided.presence(final + error, final, area) for area in (even, rest)]
    assert there[0] == pytest.approx(there[1], abs=0.3) and there[0] > 98


def test_a_mirror_is_set_beside_the_matte_car_of_the_same_noise():
    late, early = settling(fine_at=5), settling(fine_at=3)
    found = rows(decided.run({"mirror": whole(*late), "matte": whole(*early)}))
    assert found["whole-fine-later"].value == 2 and found["whole-coarse-later"].value == 0
    assert found["whole-fine-later"].n == 3


def test_a_body_is_late_behind_background_that_shows_as_much_not_behind_an_even_one():
    """All the background is there at once, for it has nothing to show; what is as varied is not."""
    frames, finals, masks = varied(late_body=False)
    found = rows(decided.run({"mirror": Looked(frames, finals, masks)}))
    assert found["mirror-body-after-background-coarse"].value > 1
    assert abs(found["mirror-body-after-alike-coarse"].value) < 0.5
    shown = [found[f"mirror-{part}-coarse-shows"].value for part in ("body-squares", "alike")]
    assert shown[0] == pytest.approx(shown[1], rel=0.2)
    assert found["mirror-background-coarse-shows"].value < shown[0] / 2


def test_a_body_that_follows_its_surroundings_is_late_behind_both():
    frames, finals, masks = varied(late_body=True)
    found = rows(decided.run({"mirror": Looked(frames, finals, masks)}))
    row = found["mirror-body-after-alike-coarse"]
    assert row.value == pytest.approx(3, abs=0.5)
    assert row.n == len(finals) and "one of 4 comparisons" in row.note


def varied(late_body, n=6, steps=16):
    """Even ground with a varied strip as large as the body; errors fall alike, step by step."""
    rng = np.random.default_rng(0)
    finals = np.full((n, 64, 96, 3), 128, np.uint8)
    masks = np.zeros((n, 64, 96), np.uint8)
    masks[:, 23:41, 31:65] = 255  # whole squares within its edge
    for final in finals:
        for rows_, columns in ((slice(20, 44), slice(28, 68)), (slice(0, 16), slice(0, 96))):
            shape = final[rows_, columns].shape
            blocks = rng.choice([0, 255], (-(-shape[0] // 8), -(-shape[1] // 8), 1))
            final[rows_, columns] = blocks.repeat(8, 0).repeat(8, 1)[: shape[0], : shape[1]]
    frames = np.empty((n, steps, 64, 96, 3), np.uint8)
    for step in range(steps):
        there = min(1, step / 13)
        frames[:, step] = (128 + there * (finals.astype(float) - 128)).round()
        if late_body:
            behind = min(1, max(0, step - 3) / 13)
            body = masks >= 128
            frames[:, step][body] = (128 + behind * (finals[body].astype(float) - 128)).round()
    return frames, finals, masks


def test_without_a_judge_the_whole_picture_is_measured():
    found = rows(decided.run({"mirror": whole(*settling())}, "the judge of mask is bad"))
    assert found["mirror-whole-fine-settles"].value == 5
    assert found["mirror-body-fine-settles"].value is None
    assert found["mirror-body-fine-settles"].note == "the judge of mask is bad"


def test_settled_is_for_good():
    assert decided.settled(np.array([10, 95, 50, 91, 99.0])) == 4
    assert decided.settled(np.array([95, 99.0])) == 1
    assert np.isnan(decided.settled(np.array([np.nan, 99])))


def test_highlights_are_the_bodys_brightest_twentieth_however_dark_it_is():
    light = np.zeros((10, 20))
    light[:, 10:] = np.arange(100).reshape(10, 10) / 10  # darker than any white
    light[:, :10] = 255
    body = np.zeros((10, 20), bool)
    body[:, 10:] = True
    assert sorted(light[decided.brightest(light, body)]) == [9.5, 9.6, 9.7, 9.8, 9.9]
    assert not decided.brightest(light, np.zeros_like(body)).any()


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_mirrors_are_watched_in_their_own_words_and_noise(made, project):
    few = [s for s in project.request.every if s.scene.material.finish == "mirror"]
    known = project.samples.pictures[[s.index for s in few[: decided.WATCHED]]]
    pictures = made(decided).handed["looked"]["mirror"]
    assert pictures.frames.shape == (len(known), project.prompt.steps, *known.shape[1:])
    assert np.abs(pictures.finals.astype(int) - known).mean() < 2.5, "but for rounding"
    others = np.roll(known, 1, axis=0)
    assert np.abs(pictures.finals.astype(int) - others).mean() > 4, "else any would pass for it"


def test_beside_each_mirror_the_same_sentence_names_a_matte_car_of_the_same_noise(project):
    recipe, prompts = project.recipe.render, decided.prompts_of(project)
    assert list(prompts) == ["mirror", "matte"]
    for mirror, matte in zip(prompts["mirror"], prompts["matte"], strict=True):
        assert mirror.seed == matte.seed
        said = [captions.understood(p.text, recipe) for p in (mirror, matte)]
        assert [s.pop("finish") for s in said] == ["mirror", "matte"]
        assert said[0].pop("colour") != said[1].pop("colour")
        assert said[0] == said[1]


def test_bodies_are_those_that_judges_find_in_the_final_pictures(made, project):
    from tiny_project import doubting, handed_over

    handed = made(decided).handed
    for pictures in handed["looked"].values():
        assert np.array_equal(pictures.masks, project.judging.read(pictures.finals).mask)
    assert handed["doubt"] == ""
    assert "mask reaches only" in handed_over(doubting(project, "mask"), decided)["doubt"]
