"""gen/study/scoring/score.py, table.py: what is counted, compared, refused, kept and shown."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from tiny import ROOT, recipe_of, renders_of
from tiny_judges import make_judged_place

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from tiny_samples import FEW, make_pipeline, request_of, small_files

from gen.core.canonical import canonical
from gen.core.errors import BadInput, ModelError
from gen.study.judging import judges
from gen.study.judging.accuracy import wilson
from gen.study.judging.readings import KINDS, readable
from gen.study.recipe.whole import read_recipe
from gen.study.scoring import prompts, samples, score
from gen.study.scoring import table as score_table
from gen.study.training.dataset import read_renders
from gen.study.world import shards

# ---- distances -----------------------------------------------------------------------------


def test_frechet_distance_of_clouds_whose_distance_is_known():
    cloud = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    assert score.frechet(cloud, cloud) == pytest.approx(0, abs=1e-4)
    assert score.frechet(cloud, cloud + np.float32([3, 0, 0])) == pytest.approx(9, rel=1e-4)
    middle = cloud - cloud.mean(0)
    spread = float(np.trace(np.cov(middle.T)))  # twice as wide: the sum of (2 s - s) squared
    assert score.frechet(middle, 2 * middle) == pytest.approx(spread, rel=1e-4)


def test_the_distance_of_fewer_pictures_than_features_is_a_number():
    few = np.random.default_rng(0).normal(size=(2, 5, 16)).astype(np.float32)
    assert 0 < score.frechet(*few) < 1000


def test_the_nearest_of_others():
    found = score.nearness(np.array([[0.0, 0], [5, 0]]), np.array([[0.0, 1], [3, 0]]))
    assert found.tolist() == [1, 2]


# ---- the table -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A place with renders, judges of which the one of worlds is unfit, and two pipelines."""
    with small_files():
        place = make_judged_place(tmp_path_factory.mktemp("score"))
        trust(place, unfit="world")
        for seed, name in enumerate(("study", "earlier")):
            make_pipeline(place, name, seed)
        yield place


def trust(place: Path, unfit: str) -> None:
    """Three steps of training make no judge; the table needs some that are let in."""
    jury = judges.load(place / "judges", "judging")
    jury.accuracies = tuple(
        replace(a, value=0.89 if a.name == unfit else 0.95) if a.unit == "share" else a
        for a in jury.accuracies
    )
    judges.write(place / "judges/judging.safetensors", jury, {})


def score_of(place: Path, **changes) -> score_table.Score:
    found = recipe_of(place)
    rough = replace(found.render, samples=1)
    asked = {"pipeline": place / "study", "judged_by": place / "judges", "baseline": None} | changes
    recipe = replace(found, render=rough, score=FEW)
    return score.score(recipe, cache=place, counting=lambda *count: None, **asked)


@pytest.fixture(scope="module")
def found(place) -> score_table.Score:
    return score_of(place, baseline=place / "earlier")


def test_every_row_is_there_and_says_who_drew_it(found, place):
    rows = {row.name: row for row in found.rows}
    assert list(rows) == ["renders", "autoencoder", "generated", "unguided", "baseline"]
    assert rows["generated"].revision == rows["unguided"].revision == found.revision
    assert rows["baseline"].revision not in (found.revision, None)
    assert [row.guidance_scale for row in found.rows] == [None, None, 2.0, 1.0, 2.0]
    assert [row.near.n for row in found.rows] == [8, 8, 8, 4, 4]
    assert rows["generated"].seconds > 0 and rows["renders"].seconds is None
    assert [row.name for row in score_of(place).rows] == list(rows)[:4], "none without a baseline"


def test_training_renders_are_counted_as_they_are_read_up_to_the_last(place, monkeypatch):
    recipe = recipe_of(place)
    training = read_renders(place / "renders", recipe.render, recipe.train.held_out_every)
    jury, counted = judges.load(place / "judges", "judging"), []
    whole = score._features(jury, training, lambda what, done, of: None)
    monkeypatch.setattr(score, "READ_AT_ONCE", 15)
    features = score._features(jury, training, lambda what, done, of: counted.append((done, of)))
    count = len(training.trained)
    assert counted == [(min(done, count), count) for done in range(15, count + 15, 15)]
    assert len(counted) > 1 and np.allclose(features, whole, atol=1e-5)


def test_what_a_critic_changed_is_read_from_the_model_s_record(found, place):
    assert found.critic is None and found.uncriticized is None
    kept = asdict(found.autoencoder)
    scores = [kept | {"step": n, "body_psnr": 20.0 + n} for n in range(3)]
    path = place / "earlier/recipe.json"
    record = {"decoder": {"scores": scores}, "uncriticized": {"scores": scores[:2]}}
    path.write_text(json.dumps(record), "utf-8")
    score = score_of(place, pipeline=path.parent)
    before, after = score.critic
    assert (before.body_psnr, after.body_psnr, after.renders) == (20, 22, kept["renders"])
    assert score.uncriticized.body_psnr == 21


def test_shares_are_counted_over_prompts_that_name_the_thing(found, place):
    made = samples.read(request_of(place, place / "study"), place / "samples")
    jury = judges.load(place / "judges", "judging")
    rows = {row.name: row for row in found.rows}
    asked, ceilings = 0, 0
    for of in score_table.SETS:
        for kind in set(KINDS) - {"world"}:
            some = [s for s in made.entries if s.held_out == (of == "held_out") and kind in s.named]
            wanted = [readable(s.scene)[kind] for s in some]
            at = [s.index for s in some]
            hits, best = (
                int((getattr(jury.read(shown[at]), kind) == wanted).sum())
                for shown in (made.pictures, made.renders)
            )
            share = share_of(rows["generated"], kind, of)
            assert (share.value, share.n) == (round(hits / len(some), 4), len(some))
            assert (share.low, share.high) == pytest.approx(wilson(hits, len(some)), abs=1e-4)
            assert share.relative == (round(hits / best, 4) if best else None)
            assert share.judge.name == kind and share.judge.of == "all"
            of_renders = share_of(rows["renders"], kind, of)
            assert of_renders.relative == (1.0 if best else None)
            asked, ceilings = asked + 1, ceilings + bool(best)
    assert asked == 6 and ceilings, "some of them had a ceiling to be compared with"


def share_of(row: score_table.ScoreRow, kind: str, of: str) -> score_table.Share:
    (share,) = (s for s in row.shares if (s.reading, s.of) == (kind, of))
    return share


def test_a_reading_whose_judge_is_unfit_is_left_out(found):
    assert {share.reading for row in found.rows for share in row.shares} == set(KINDS) - {"world"}
    assert [(left.reading, left.accuracy) for left in found.left_out] == [("world", 0.89)]
    assert "world: left out, right in 89.0 %; 90 % are needed" in score_table.text(found)


def test_renders_are_as_far_from_renders_as_they_are(found, place):
    renders, _, generated, *_ = found.rows
    assert renders.frechet.value == renders.frechet.between_renders
    assert generated.frechet.between_renders == renders.frechet.value
    made = samples.read(request_of(place, place / "study"), place / "samples")
    jury = judges.load(place / "judges", "judging")
    table = score.Table(jury, made, jury.read(made.renders).features)
    near = table.row("renders", made.renders).frechet.value
    table.renders = replace(table.renders, features=table.renders.features + 1)
    moved = table.row("renders", made.renders).frechet.value
    assert moved == pytest.approx(near + jury.recipe.features, rel=0.01), "a square a feature"


def test_a_picture_that_was_trained_on_is_near(place):
    made = samples.read(request_of(place, place / "study"), place / "samples")
    jury = judges.load(place / "judges", "judging")
    copied = score.Table(jury, made, jury.read(made.pictures).features)
    assert copied.row("generated", made.pictures).near.value == 1
    elsewhere = score.Table(jury, made, jury.read(made.renders).features + 100)
    assert elsewhere.row("renders", made.renders).near.value == 1 / 8, "the nearest alone"


# ---- kept, shown, refused ------------------------------------------------------------------


def test_a_score_is_kept_the_same_each_time_and_names_no_place(found, place, tmp_path):
    kept = tmp_path / "score.json"
    score_table.write(kept, found)
    told = json.loads(kept.read_bytes())
    assert kept.read_bytes() == canonical(told) + b"\n"
    assert str(place) not in kept.read_text("utf-8") and "earlier" not in kept.read_text("utf-8")
    assert told["trained_on"]["count"] == len(renders_of(place).trained)
    score_table.write(kept, score_of(place, baseline=place / "earlier"))
    assert json.loads(kept.read_bytes()) == told
    assert [path.name for path in tmp_path.iterdir()] == ["score.json"]


def test_a_score_that_was_there_is_replaced_whole(found, tmp_path):
    """What had opened the old file still reads the old one, to its end."""
    place, opened = tmp_path / "score.json", tmp_path / "opened.json"
    place.write_bytes(b"an earlier score")
    opened.hardlink_to(place)
    score_table.write(place, found)
    assert opened.read_bytes() == b"an earlier score"
    assert score_table.read(place) == found


def test_the_table_shows_every_row_twice(found):
    lines = score_table.text(found).splitlines()
    for row in found.rows:
        assert sum(line.startswith(f"{row.name} ") for line in lines) == 2
    assert any("autoencoder, bodies of 8 renders" in line for line in lines)


def test_a_model_that_saw_the_samples_is_not_scored(place, tmp_path):
    seen = replace(recipe_of(place).render, samples=1)
    list(shards.render_range(seen, tmp_path / "renders", prompts.ORDINARY, 2))
    assert len(read_renders(tmp_path / "renders", seen, 20).scenes) == 2
    recipe = replace(recipe_of(place), render=seen, score=FEW)
    with pytest.raises(BadInput, match="a model that saw them cannot be scored"):
        score.score(recipe, place / "study", place / "judges", tmp_path, lambda progress: None)


def test_what_is_not_there_is_said_before_long_work(place):
    with pytest.raises(ModelError, match="run python -m gen study judge judging --pipe"):
        score_of(place, judged_by=place / "none")
    with pytest.raises(ModelError, match=r"has no model_index\.json"):
        score_of(place, baseline=place / "renders")


def test_the_command_says_in_one_line_what_to_run(tmp_path):
    made = subprocess.run(
        [sys.executable, "-m", "gen", "study", "score", "--judges", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (made.returncode, made.stdout) == (1, "")
    (line,) = made.stderr.splitlines()
    assert "judging.safetensors: is not there; run python -m gen study judge judging" in line


def test_the_recipe_asks_for_whole_files():
    score = read_recipe(ROOT / "sources/study.yml").score
    assert score.ordinary % 50 == score.held_out % 50 == 0
    assert score.variant % samples.BATCH == 0
