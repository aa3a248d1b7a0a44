"""gen/measure/asked.py: a score's shares become rows, with what they rest on."""

import io
from dataclasses import replace

import numpy as np
import pytest
from known import noise, samples
from PIL import Image

from gen.core.errors import BadInput
from gen.measure import asked
from gen.study.judging.readings import Accuracy
from gen.study.scoring import table as score_table
from gen.study.scoring.score import members, right
from gen.study.scoring.table import Distance, LeftOut, Near, Score, ScoreRow, Share
from gen.study.training.autoencoder import AutoencoderScore
from gen.study.training.decoder import SHEET

COPIED = ("renders.webp", "errors.webp", "critic.webp")
JUDGE = Accuracy("finish", "all", "share", 0.94, 0.91, 0.97, 90)


def share(value: float, of: str = "ordinary", relative: float | None = None) -> Share:
    spread = (value - 0.04, value + 0.03)
    return Share("finish", of, value, *spread, 150, relative, relative, relative, JUDGE)


def row(name: str, *shares: Share, seconds: float | None = None) -> ScoreRow:
    return ScoreRow(
        name, None, None, shares, Distance(3.5, 0.5, 75), Near(0.02, 0.01, 0.05, 600), seconds
    )


SCORE = Score(
    recipe={},
    revision="r",
    samples="s",
    judges="j",
    accuracies=(JUDGE,),
    left_out=(LeftOut("view", 0.8, 0.9), LeftOut("world", None, 0.9)),
    trained_on={"count": 4000},
    autoencoder=AutoencoderScore(26.0, 0.9, 22.5, 0.79, 0.9, renders=90),
    critic=(
        AutoencoderScore(26.5, 0.9, 23.0, 0.8, 0.6, renders=200),
        AutoencoderScore(25.5, 0.9, 22.0, 0.78, 0.9, renders=200),
    ),
    uncriticized=AutoencoderScore(26.6, 0.9, 23.2, 0.8, 0.62, renders=200),
    rows=(
        row("renders", share(0.95, relative=1.0)),
        row("generated", share(0.70, "held_out", 0.74), share(0.80, relative=0.84), seconds=1.5),
    ),
)
LAYERS = tuple(noise(8, seed=seed) for seed in range(3))


def found(score: Score = SCORE) -> dict:
    return {row.name: row for row in asked.run(score, LAYERS).rows}


def test_shares_are_percentages_in_a_panel_of_their_reading():
    got = found()["generated-finish"]
    assert (got.value, got.low, got.high, got.n, got.unit) == (80, 76, 83, 150, "%")
    assert (got.panel, got.series) == ("Finish as asked", "trained combinations")
    assert found()["generated-finish-new"].value == 70
    assert "94.0 % of 90 renders" in got.note


def test_a_reading_without_a_fit_judge_is_said_to_be_left_out():
    assert found()["view-left-out"].value is None
    assert "80.0 %" in found()["view-left-out"].note and "never" in found()["world-left-out"].note


def test_what_is_set_beside_the_ceiling_is_the_generated_pictures():
    assert (found()["relative-finish"].value, found()["relative-finish-new"].value) == (84, 74)


def test_distances_and_the_autoencoder_are_in_the_table_alone():
    rows = found()
    assert rows["generated-near"].value == 2 and rows["generated-frechet"].value == 3.5
    assert rows["autoencoder-psnr"].value == 22.5 and rows["seconds"].value == 1.5
    assert rows["autoencoder-psnr"].n == 90 and rows["trained-on"].value == 4000
    assert {rows[name].panel for name in ("generated-near", "seconds", "relative-finish")} == {""}


def test_the_first_scenes_stand_under_each_other():
    sheet = Image.open(io.BytesIO(asked.run(SCORE, LAYERS).pictures["scenes.webp"]))
    assert sheet.size == (8 * 48, 3 * 32)
    cell = np.asarray(sheet)[32:64, 48:96].astype(float)
    assert np.abs(cell - LAYERS[1][1]).mean() < np.abs(cell - LAYERS[0][1]).mean()


def test_the_first_of_each_finish_is_shown_and_of_mirrors_two():
    finishes = ("matte", "mirror", "matte", "glossy", "mirror", "mirror")
    entries = [entry for finish in finishes for entry in samples(1, finish)]
    assert asked.first_of(entries) == [1, 4, 3, 0]


def test_what_a_critic_changed_is_told_and_shown_where_there_was_one():
    rows = found()
    assert [rows[f"critic-edges-{when}"].value for when in ("before", "after")] == [60, 90]
    assert [rows[f"critic-psnr-{when}"].value for when in ("before", "after")] == [23, 22]
    assert rows["critic-psnr-after"].n == 200
    assert (rows["critic-edges-without"].value, rows["critic-psnr-without"].value) == (62, 23.2)
    assert "critic-edges-without" not in found(replace(SCORE, uncriticized=None))
    files = asked.run(SCORE, LAYERS, {"critic.webp": b"seen"}).pictures
    assert files["critic.webp"] == b"seen" and set(files) == {"critic.webp", "scenes.webp"}
    without = replace(SCORE, critic=None)
    assert not [name for name in found(without) if name.startswith("critic")]
    assert set(asked.run(without, LAYERS).pictures) == {"scenes.webp"}


def test_a_score_is_read_as_it_was_kept(tmp_path):
    path = tmp_path / "score.json"
    score_table.write(path, SCORE)
    assert score_table.read(path) == SCORE
    with pytest.raises(BadInput, match="study score"):
        score_table.read(tmp_path / "none.json")
    path.write_text(path.read_text("utf-8").replace('"rows"', '"lines"'), "utf-8")
    with pytest.raises(BadInput, match="another version"):
        score_table.read(path)


def test_what_guidance_adds_is_counted_picture_by_picture():
    guided = np.arange(40) < 36
    unguided = np.arange(40) < 24
    prompts = [f"car {i}" for i in range(40)]
    both = [asked.BothWays(share(0.9), prompts, guided, unguided)]
    row = {row.name: row for row in asked.run(SCORE, LAYERS, guided=both).rows}["guidance-finish"]
    assert (row.value, row.n, row.panel) == (30, 40, "") and row.low > 0
    assert "12 against 0" in row.note


def test_what_is_painted_is_told_above_renders_of_the_same_scenes():
    prompts = [f"car {i // 2}" for i in range(40)]
    painted, rendered = np.arange(40) < 16, np.arange(40) % 10 < 9
    sets = share(0.6), share(0.6, "held_out")
    shown = asked.run(
        SCORE, LAYERS, beside=[asked.BothWays(each, prompts, painted, rendered) for each in sets]
    )
    found = {row.name: row for row in shown.rows}
    for name, series in (("", "trained combinations"), ("-new", "held-out combinations")):
        row = found[f"above-renders-finish{name}"]
        assert (row.value, row.n, row.panel, row.series) == (-50, 40, "", series) and row.high < 0
        assert "1 against 21" in row.note and "one of 2 comparisons" in row.note
        assert "40 pictures of 20 prompts" in row.note
    assert "all 2 of renders" in shown.method


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_the_first_samples_are_shown_as_rendered_through_the_autoencoder_and_generated(
    made, project
):
    handed, few = made(asked).handed, asked.first_of(project.samples.entries)
    layers = project.samples.renders, project.through, project.samples.pictures
    for layer, pictures in zip(handed["layers"], layers, strict=True):
        assert np.array_equal(layer, pictures[few])
    assert not np.array_equal(layers[0], layers[1]) and not np.array_equal(layers[0], layers[2])


def test_the_score_is_that_of_the_model_as_it_is_now(made, project):
    score = made(asked).handed["score"]
    assert score == project.score and score.revision == project.request.revision
    assert made(asked).handed["copied"] == {}, "no decoder met a critic here"


def test_what_a_critic_changed_is_handed_on(made, project):
    from tiny_project import handed_over

    made(asked)
    size = project.recipe.render.width, project.recipe.render.height
    path = project.root / project.model.location / SHEET
    Image.fromarray(noise(1, 3 * size[1], 6 * size[0])[0]).save(path, lossless=True)
    try:
        assert set(handed_over(project, asked)["copied"]) == set(COPIED)
    finally:
        path.unlink()


def test_with_and_without_guidance_are_the_same_prompts_and_noise(made, project):
    every = made(asked).handed["guided"]
    unguided, samples = project.unguided, project.samples
    assert unguided.entries == samples.entries[: len(unguided.entries)]
    assert not np.array_equal(unguided.pictures, samples.pictures[: len(unguided.pictures)])
    ordinary = [e for e in unguided.entries if not e.held_out]
    assert [both.share.reading for both in every] == ["finish", "colour", "world", "view"]
    read = project.judging.read(samples.pictures[: len(unguided.entries)])
    for both in every:
        asks = [e.prompt for e in ordinary if both.share.reading in e.named]
        assert list(both.prompts) == asks
        assert len(both.one) == len(both.other) == len(asks)
        some = members(unguided.entries, both.share.reading, "ordinary")
        assert np.array_equal(both.one, right(unguided.entries, read, both.share.reading)[some])


def test_generated_pictures_are_set_beside_renders_of_their_own_scenes(made, project):
    every, entries = made(asked).handed["beside"], project.samples.entries
    sets = [(both.share.reading, both.share.of) for both in every]
    scored = next(row for row in project.score.rows if row.name == "generated").shares
    assert sorted(sets) == sorted((share.reading, share.of) for share in scored)
    layers = project.samples.pictures, project.samples.renders
    ways = [project.judging.read(pictures) for pictures in layers]
    for both in every:
        reading, of = both.share.reading, both.share.of
        some = members(entries, reading, of)
        assert list(both.prompts) == [e.prompt for e, one in zip(entries, some, strict=True) if one]
        for shown, read in zip((both.one, both.other), ways, strict=True):
            assert np.array_equal(shown, right(entries, read, reading)[some])
        assert both.one.mean() == pytest.approx(both.share.value, abs=1e-4)
