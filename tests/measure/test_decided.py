"""Pictures that settle at a known step."""

import numpy as np
from known import box, noise, rows

from gen.measure import decided


def settling(steps=6, coarse_at=2, fine_at=5, n=3):
    """The blurred picture from one step on, the whole one from a later step on; grey before."""
    finals = noise(n, seed=1) // 2 + np.linspace(0, 120, 48, dtype=np.uint8)[None, None, :, None]
    frames = np.full((n, steps, *finals.shape[1:]), 128, np.uint8)
    for i, final in enumerate(finals):
        frames[i, coarse_at - 1 :] = decided.coarse(final).round()
        frames[i, fine_at - 1 :] = final
    return frames, finals


def test_each_band_settles_when_it_was_made_to():
    frames, finals = settling()
    found = rows(decided.run(frames, finals, None))
    assert found["whole-coarse-settles"].value == 2
    assert found["whole-fine-settles"].value == 5
    assert found["whole-fine-1"].value < 5
    assert found["whole-fine-6"].value == 100
    assert "body-fine-settles" not in found


def test_body_and_background_are_told_apart():
    frames, finals = settling(coarse_at=5, fine_at=5)
    masks = box(len(finals))
    body = masks[0] >= 128
    frames[:, 2:, body] = finals[:, None, body]  # the body is there two steps earlier
    found = rows(decided.run(frames, finals, masks))
    assert found["background-fine-settles"].value == 5
    assert found["body-fine-settles"].value < 5
    frames, finals = settling(coarse_at=5, fine_at=5)
    frames[:, 1:, ~body] = finals[:, None, ~body]  # and now all but the body
    found = rows(decided.run(frames, finals, masks))
    assert found["background-fine-settles"].value < found["whole-fine-settles"].value == 5


def test_without_a_judge_the_whole_picture_is_measured():
    frames, finals = settling()
    found = rows(decided.run(frames, finals, box(len(finals)), "the judge of mask is bad"))
    assert found["whole-fine-settles"].value == 5
    assert found["body-fine-settles"].value is None
    assert found["body-fine-settles"].note == "the judge of mask is bad"


def test_a_part_without_detail_or_too_small_has_nothing_that_could_be_there():
    final, area = np.full((8, 8, 3), 90.0, np.float32), np.ones((8, 8), bool)
    assert np.isnan(decided.presence(final, final, area))
    final[:, 4:] += 20
    assert decided.presence(final, final, area) == 100
    few = np.arange(64).reshape(8, 8) < decided.LEAST - 1
    assert np.isnan(decided.presence(final, final, few))


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


def test_the_first_samples_own_prompts_and_noises_are_watched(made, project):
    handed, known = made(decided).handed, project.samples.pictures[: decided.WATCHED]
    finals = handed["finals"]
    assert np.abs(finals.astype(int) - known).mean() < 2, "the same pictures, but for rounding"
    others = np.roll(known, 1, axis=0)
    assert np.abs(finals.astype(int) - others).mean() > 4, "else any picture would pass for it"
    steps = project.inputs.model("study"), project.prompt.steps
    assert handed["frames"].shape == (decided.WATCHED, steps[1], *finals.shape[1:])


def test_bodies_are_those_that_judges_find_in_the_final_pictures(made, project):
    from tiny_project import doubting, handed_over

    handed = made(decided).handed
    assert np.array_equal(handed["masks"], project.judging.read(handed["finals"]).mask)
    assert handed["doubt"] == ""
    assert "mask reaches only" in handed_over(doubting(project, "mask"), decided)["doubt"]
