"""Pictures whose clipping and diversity are known."""

import numpy as np
import pytest
from known import Told, accuracies, noise, rows

from gen.measure import guidance
from gen.study.judging.readings import readable


def test_clipped_values_and_diversity():
    grey = np.full((4, 32, 48, 3), 100, np.uint8)
    grey[:, ::2] -= 10  # a contrast of 10 levels around 105
    grey[:, 1::2] += 10
    grey[1::2] += 20  # two noises of each prompt, 20 levels apart
    half = grey.copy()
    half[:, :16] = 255
    found = rows(guidance.run({8.0: half, 1.0: grey}, list("aabb"), ["mirror"] * 4))
    assert found["generated-clipped-1"].value == 0
    assert found["generated-clipped-8"].value == 50
    assert found["generated-diversity-1"].value == pytest.approx(20 / 10)
    louder = rows(guidance.run({1.0: 105 + 2 * (grey.astype(int) - 105)}, list("aabb"), []))
    assert louder["generated-diversity-1"].value == pytest.approx(2), "contrast is no variety"
    assert found["generated-clipped-1"].n == 2, "prompts, not pictures"
    assert "generated-finish-1" not in found


def test_the_finish_asked_for_is_judged():
    pictures = noise(4)
    judges = Told(
        accuracies(0.95, "finish", "mask"), finish=["mirror", "mirror", "matte", "mirror"]
    )
    given = {2.0: pictures}, list("aabb"), ["mirror"] * 4, judges, (pictures, ["mirror"] * 4)
    found = rows(guidance.run(*given))
    assert found["generated-finish-2"].value == found["renders-finish-2"].value == 75
    assert (found["generated-finish-2"].n, found["renders-finish-2"].n) == (2, 4)
    assert "renders-diversity-2" not in found
    judges.accuracies = accuracies(0.5, "finish", "mask")
    found = rows(guidance.run(*given))
    assert found["generated-finish-2"].value is None
    assert "0.50: not used" in found["generated-near-white-2"].note


def test_renders_are_a_level_to_compare_with_where_no_judge_was_trained():
    half = np.full((2, 32, 48, 3), 255, np.uint8)
    half[:, 16:] = 100
    painted = {1.0: noise(2), 8.0: noise(2)}
    found = rows(guidance.run(painted, list("aa"), ["mirror"] * 2, None, (half, ["matte"] * 2)))
    levels = {name: row.value for name, row in found.items() if row.series == guidance.RENDERS}
    assert levels == {"renders-clipped-1": 50, "renders-clipped-8": 50}


def test_sparkle_is_counted_on_mirrors_and_set_against_renders_prompt_by_prompt():
    dull = np.full((4, 32, 48, 3), 100, np.uint8)
    bright = dull.copy()
    bright[:, ::2] = 255
    finishes = ["mirror", "mirror", "matte", "matte"]
    judges = Told(accuracies(0.95, "finish", "mask"))
    both = {1.0: dull, 8.0: np.concatenate([bright[:2], dull[2:]])}
    rendered = (dull[:2], ["mirror", "matte"])
    found = rows(guidance.run(both, list("aabb"), finishes, judges, rendered))
    assert found["generated-mirrors-white-8"].n == 1, "matte cars count for nothing"
    prompts, mirrors = list("aabb"), ["mirror"] * 4
    rendered = (dull[:2], ["mirror"] * 2)
    found = rows(guidance.run({1.0: dull, 8.0: bright}, prompts, mirrors, judges, rendered))
    assert found["generated-mirrors-white-8"].value == pytest.approx(50, abs=5)
    assert found["renders-mirrors-white-8"].value == found["more-mirrors-white-1"].value == 0
    assert found["more-mirrors-white-8"].value == found["generated-mirrors-white-8"].value
    assert found["more-mirrors-fine-8"].value > 10 and found["more-mirrors-fine-1"].value == 0
    assert found["more-mirrors-white-8"].n == 2 and "one of 6" in found["more-mirrors-white-8"].note


def test_scales_are_compared_picture_by_picture_and_told_by_prompt():
    dull = np.full((24, 32, 48, 3), 100, np.uint8)
    bright, prompts = dull.copy(), [str(number // 2) for number in range(24)]
    bright[::2, ::2] = 255  # of one noise in two
    dull[:, 0] = np.arange(24)[:, None, None] % 7 == 0  # what a picture has at every scale
    bright[:, 0] = dull[:, 0]
    judges = Told(accuracies(0.95, "finish", "mask"))
    painted = {8.0: bright, 1.0: dull, 2.0: dull}
    level = dull[::2], ["mirror"] * 12
    shown = guidance.run(painted, prompts, ["mirror"] * 24, judges, level)
    found = rows(shown)
    more = found["clipped-8-above-2"]
    apart = found["generated-clipped-8"].value - found["generated-clipped-2"].value
    assert more.value == pytest.approx(apart, rel=1e-3) and more.low == more.high == more.value
    assert found["clipped-2-above-1"].value == found["finish-8-above-1"].value == 0
    for kind in ("clipped", "near-white", "mirrors-white"):
        assert found[f"{kind}-8-above-1"].value == found[f"{kind}-8-above-2"].value > 20
    pairs = [name for name in found if "-above-" in name]
    assert len(pairs) == 12 and "All 12 of" in shown.method, "each with the last, and first to last"
    assert all(found[name].n == 12 and "one of 12" in found[name].note for name in pairs)
    judges.accuracies = accuracies(0.5, "finish", "mask")
    doubted = rows(guidance.run(painted, prompts, ["mirror"] * 24, judges, level))
    assert [name for name in doubted if "-above-" in name] == [
        f"clipped-{pair}" for pair in ("2-above-1", "8-above-2", "8-above-1")
    ]
    unlooked = rows(guidance.run({1.0: dull}, prompts, ["mirror"] * 24))
    assert not [name for name in unlooked if "-above-" in name]


def test_prompts_with_one_picture_have_no_diversity():
    assert len(guidance.diversity(noise(2), ["a", "b"])) == 0


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_every_scale_is_asked_for_the_same_prompts_from_the_same_noise(made, project):
    result, few = made(guidance), project.samples.entries[: guidance.PROMPTS]
    runs = list(result.generations.values())
    assert (
        [run.guidance for run in runs] == list(guidance.SCALES) == list(result.handed["pictures"])
    )
    assert len({run.prompts for run in runs}) == len({run.seeds for run in runs}) == 1
    pairs = set(zip(runs[0].prompts, runs[0].seeds, strict=True))
    assert len(pairs) == guidance.PROMPTS * guidance.NOISES == len(runs[0].prompts)
    assert set(runs[0].prompts) == {s.prompt for s in few}
    for run, pictures in zip(runs, result.handed["pictures"].values(), strict=True):
        assert pictures is run.pictures
    assert not np.array_equal(runs[0].pictures, runs[-1].pictures), "guidance does something"


def test_a_picture_is_judged_by_the_finish_that_its_own_prompt_names(made, project):
    handed = made(guidance).handed
    finish = {s.prompt: readable(s.scene)["finish"] for s in project.samples.entries}
    assert handed["finishes"] == [finish[prompt] for prompt in handed["prompts"]]
    assert handed["judges"] is project.judging
    pictures, finishes = handed["rendered"]
    few = project.samples.entries[: guidance.PROMPTS]
    assert np.array_equal(pictures, project.samples.renders[: guidance.PROMPTS]), "the same prompts"
    assert finishes == [finish[s.prompt] for s in few]
    assert len(set(finishes)) > 1, "else any order would do"
