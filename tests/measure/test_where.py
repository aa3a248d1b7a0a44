"""Bodywork cut out, and worlds named from it, where all is known."""

import io

import numpy as np
import pytest
from known import box, noise, rows
from PIL import Image

from gen.measure import where
from gen.measure.where import Asked, Rounds

N = 12
WORLDS = ("desert", "snow", "forest")


def rounds(named=None) -> Rounds:
    """Pictures in turns of paints and worlds; the judge is right unless told otherwise."""
    asked = [Asked("a car", WORLDS[i // 3 % 3], list(where.PAINTS)[i % 3]) for i in range(N)]
    right = [a.world for a in asked]
    return Rounds(asked, noise(N, seed=1), box(N), named or right, right)


def test_paints_are_told_apart_and_each_reading_from_the_other():
    wrong = ["desert"] * N
    found = rows(where.run(rounds(wrong), trusts={"mirror": "it reads well"}))
    mine = [a.world == "desert" for a in rounds().asked if a.finish == "mirror"]
    assert found["mirror"].value == pytest.approx(100 * np.mean(mine), rel=1e-3)
    assert found["mirror"].n == len(mine) == N // 3
    assert found["matte-background"].value == 100
    assert "it reads well" in found["mirror"].note


def test_pictures_of_one_wording_are_no_independent_ones():
    everyone, wrong = rounds(), ["forest"] * N
    lone = [Asked(f"car {i}", a.world, a.finish) for i, a in enumerate(everyone.asked)]
    shared = [Asked(a.world, a.world, a.finish) for a in everyone.asked]
    alone, together = (
        rows(where.run(Rounds(asked, everyone.pictures, everyone.bodies, wrong, wrong)))["mirror"]
        for asked in (lone, shared)
    )
    assert alone.value == together.value and alone.n == together.n
    assert together.high - together.low > alone.high - alone.low


def test_each_round_keeps_the_judges_answer_and_the_worlds_name(monkeypatch):
    monkeypatch.setattr(where, "ROUNDS", 4)
    named = [a.world for a in rounds().asked]
    named[1] = "forest"
    found = rows(where.run(rounds(named)))
    assert [name for name in found if name.startswith("round")] == [f"round-{k}" for k in range(4)]
    first, second = found["round-0"], found["round-1"]
    assert (first.label, first.series, first.value) == ("desert", "mirror", 1)
    assert (second.series, second.value, second.note) == ("glossy", 0, "the judge says forest")


def test_no_file_of_a_cut_out_keeps_what_lay_around_it():
    picture = noise(1, seed=3)[0]
    body = box(1)[0]
    cut = where.cut_out(picture, body)
    assert cut.shape == (*picture.shape[:2], 4)
    assert not cut[body < 128].any(), "neither colour nor share"
    inside = cut[..., 3] == 255
    assert inside.any() and np.array_equal(cut[inside][:, :3], picture[inside])
    assert inside.sum() < (body >= 128).sum(), "nor its edge, which mixes with it"
    files = where.run(rounds()).pictures
    kept = np.asarray(Image.open(io.BytesIO(files["0-body.webp"])).convert("RGBA"))
    assert not kept[box(1)[0] < 128][:, 3].any()


def test_without_a_judge_of_masks_there_are_no_rounds():
    found = where.run(rounds(), doubt="the judge of mask reaches only 0.20: not used")
    assert not found.pictures
    assert {row.value for row in found.rows} == {None} and len(found.rows) == len(where.PAINTS)


# ---- on the tiny project ---------------------------------------------------------------------


def test_prompts_and_seeds_follow_a_rule(made, project):
    result = made(where)
    painted = result.generations["where"]
    asked = result.handed["rounds"].asked
    assert painted.prompts == tuple(a.text for a in asked)
    assert painted.seeds == tuple(range(1, len(asked) + 1))
    recipe = project.recipe.render
    both = [(a.finish, a.world) for a in asked]
    assert len(both) == where.EACH * len(where.PAINTS) * len(recipe.worlds)
    assert all(both.count(pair) == where.EACH for pair in both), "each paint in each world"
    assert [a.finish for a in asked[:3]] == list(where.PAINTS), "by turns"
    assert not any(where._held_out(a.text, project) for a in asked)


def test_bodywork_is_what_the_judge_finds_and_the_record_names_every_round(made, project):
    result = made(where)
    rounds = result.handed["rounds"]
    pictures = result.generations["where"].pictures
    assert np.array_equal(rounds.bodies, project.masks(pictures))
    body = project.judging.read_world(pictures, rounds.bodies, "body")
    assert list(rounds.named) == list(body.world)
    names = {name for name, _ in result.measurement.digests}
    for number in range(where.ROUNDS):
        assert {f"where-{number}-body.webp", f"where-{number}-whole.webp"} <= names
        assert f"round-{number}" in result.rows
