"""Picking where the best is known."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from known import FINISHES, KNOWN, Told, accuracies, box, noise, rows

from gen.measure import picking
from gen.study.judging.readings import readable
from gen.study.scoring.layouts import Layouts, layout, percentiles


def usual() -> Layouts:
    """As if every car lay as the block does."""
    return Layouts("", 0, 20, percentiles(layout(box(20))))


SURE = accuracies(0.95, "mask", *picking.READ)


def test_best_of_is_the_mean_over_every_choice():
    rng = np.random.default_rng(0)
    score, worth = rng.random(6), rng.random(6)
    for k in (1, 2, 4, 6):
        every = [max(c, key=lambda i: score[i]) for c in combinations(range(6), k)]
        assert picking.best_of(k, score, worth) == pytest.approx(np.mean(worth[every]))


def test_a_chooser_that_sees_what_the_judge_sees_gains_and_chance_does_not():
    asked = ["mirror", *["matte"] * 3]  # of four candidates one shows what was asked for
    choosing, judging = Told(SURE, finish=asked), Told(SURE, finish=asked)
    candidates = np.stack([noise(4, seed=i) for i in range(12)])
    found = rows(picking.run(candidates, [{"finish": "mirror"}] * 12, choosing, judging, usual()))
    assert found["composite-1"].value == pytest.approx(0, abs=1e-6)
    assert found["composite-4"].value == found["ceiling-4"].value == pytest.approx(75, abs=0.1)
    assert found["composite-2"].value == pytest.approx(25, abs=0.1)
    assert abs(found["floor-4"].value) < 40
    assert "composite-8" not in found


def test_judges_under_their_bound_pick_nothing():
    weak = Told(accuracies(0.5, "mask", *picking.READ))
    found = rows(picking.run(noise(4)[None], [{"finish": "mirror"}], weak, Told(SURE), usual()))
    assert found["gain-16"].value is None


def test_what_one_set_reads_badly_is_left_out_and_said():
    weak = tuple(replace(a, value=0.5) if a.name == "view" else a for a in SURE)
    asked = ["mirror", *["matte"] * 3]
    choosing, judging = Told(weak, finish=asked), Told(SURE, finish=asked)
    named = [{"finish": "mirror", "view": "side view"}] * 3
    candidates = np.stack([noise(4, seed=i) for i in range(3)])
    found = rows(picking.run(candidates, named, choosing, judging, usual()))
    assert found["composite-4"].value == pytest.approx(75, abs=0.1)
    assert "the judge of view reaches only 0.50" in found["composite-4"].note


def test_likelihood_takes_all_that_is_named():
    read = Told(finish=["mirror", "matte"]).read(noise(2))
    found = picking.likelihood(read, KNOWN, {"finish": FINISHES[0], "world": "studio"})
    assert found == pytest.approx([1, 1e-3])


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_candidates_are_of_one_prompt_each_from_a_noise_of_its_own(made, project):
    result = made(picking)
    runs = list(result.generations.values())
    few = project.samples.entries[: picking.PICKED]
    for run, sample, pictures in zip(runs, few, result.handed["candidates"], strict=True):
        assert set(run.prompts) == {sample.prompt}
        assert run.guidance == project.recipe.score.guidance_scale
        assert np.array_equal(pictures, run.pictures)
        assert len({picture.tobytes() for picture in pictures}) == picking.CANDIDATES
    noises = [seed for run in runs for seed in run.seeds]
    assert len(set(noises)) == len(noises) == picking.PICKED * picking.CANDIDATES
    assert not set(noises) & {sample.seed for sample in project.samples.entries}


def test_the_set_that_scores_is_not_the_set_that_judges(made, project):
    handed = made(picking).handed
    assert handed["choosing"] is project.choosing and handed["judging"] is project.judging
    assert project.key("choosing") != project.key("judging")


def test_pictures_are_scored_by_what_their_own_prompt_names_and_nothing_else(made, project):
    few = project.samples.entries[: picking.PICKED]
    for meaning, sample in zip(made(picking).handed["meanings"], few, strict=True):
        assert set(meaning) == set(sample.named)
        assert meaning == {kind: readable(sample.scene)[kind] for kind in meaning}
    assert any(set(s.named) != set(readable(s.scene)) for s in few), "else nothing is left out"
