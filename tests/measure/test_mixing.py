"""Layers whose sum is known."""

from dataclasses import replace

import numpy as np
from known import rows

from gen.measure import mixing
from gen.measure.kit.linear_light import Windows, picture


def windows(behind, pane, n=4):
    """One brightness behind on the left, another on the right; the same reflection over both."""
    left, right = behind
    back = np.full((n, 16, 24, 3), left, np.float32)
    back[:, :, 12:] = right
    over = np.full_like(back, pane)
    return Windows(picture(back + over), back, over)


def test_light_adds_and_finished_pictures_do_not():
    found = rows(mixing.run(windows((0.02, 0.8), 0.1)))
    assert found["light-psnr"].value > 58
    assert found["light-psnr"].value > found["standard-psnr"].value > found["finished-psnr"].value
    assert found["finished-highlights"].value > found["finished-shadows"].value
    lifts = [found[f"lift-rendered-{band}"].value for band in ("shadows", "highlights")]
    assert lifts[0] > 3 * lifts[1]  # strong over shadows, weak over highlights


def test_a_known_lift_is_found_in_generated_pictures():
    without = np.full((5, 8, 8, 3), 30, np.uint8)
    without[:, :, 4:] = 220
    found = rows(mixing.run(windows((0.02, 0.8), 0.1), (without, without + 12)))
    assert found["lift-generated-shadows"].value == 12
    assert found["lift-generated-highlights"].value == 12
    assert found["lift-generated-middle"].value is None
    assert "lift-unlike-shadows" not in found


def test_the_example_is_small_and_the_same_every_time():
    shown = [mixing.run(windows((0.1, 0.5), 0.2)).pictures for _ in range(2)]
    assert shown[0] == shown[1]
    assert set(shown[0]) == {f"{n}.webp" for n in ("behind", "pane", "light", "finished", "error")}
    assert sum(map(len, shown[0].values())) < 200_000


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_a_window_is_asked_for_in_the_samples_own_words_from_their_own_noise(made, project):
    result, few = made(mixing), project.samples.entries[: mixing.WINDOWS]
    seen = result.generations["windows"]
    assert seen.prompts == tuple(f"{s.prompt}, seen through a window" for s in few)
    assert seen.seeds == tuple(s.seed for s in few)
    assert seen.guidance == project.recipe.score.guidance_scale
    without, with_window = result.handed["generated"]
    assert np.array_equal(without, project.samples.pictures[: mixing.WINDOWS])
    assert with_window is seen.pictures and result.handed["windows"] is project.windows


def test_what_any_repainting_does_is_shown_by_another_prompt_from_the_same_noise(made, project):
    result = made(mixing)
    unlike, few = result.generations["unlike"], project.samples.entries[: mixing.WINDOWS]
    assert unlike.seeds == result.generations["windows"].seeds
    assert not set(unlike.prompts) & {s.prompt for s in few}
    before, after = result.handed["unlike"]
    assert np.array_equal(before, result.handed["generated"][0]) and after is unlike.pictures


def test_without_a_model_the_renders_alone_are_measured_and_the_record_says_so(made, project):
    from tiny_project import handed_over

    absent = project.cache / "absent"
    absent.mkdir()
    (absent / "windows").symlink_to(project.cache / "windows")
    handed = handed_over(replace(project, cache=absent), mixing)
    assert (handed["generated"], handed["unlike"]) == (None, None)
    assert np.array_equal(handed["windows"].pictures, project.windows.pictures)
    inputs = dict(made(mixing).measurement.inputs)
    assert set(inputs) == {"version", "windows", "model", "samples"}, "with it, it is named"
