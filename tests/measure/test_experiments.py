"""Every measurement from end to end on a tiny project, held to its design."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

pytest.importorskip("mitsuba")
pytest.importorskip("pyoidn")

from tiny import ROOT, recipe_of
from tiny_judges import make_judged_place
from tiny_samples import FEW, make_pipeline, small_files

from gen import pick
from gen.capture.weights import revision_of
from gen.core import inputs, store
from gen.measure import agreement, colour, copied, decided, guidance, mixing, picking, runner, word
from gen.measure.kit import linear_light
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH
from gen.measure.kit.project import Project
from gen.study.judging import judges
from gen.study.scoring import samples, score, table
from gen.study.training.autoencoder import reconstructed
from gen.study.world import scene
from gen.study.world.shards import shard_path, write_arrays

SMALL = {  # how many of a thing an experiment takes: here as few as show its design
    (agreement, "AGAIN"): "glossy",  # of eight samples none is a mirror without a world
    (colour, "STEPS"): 3,
    (word, "SEEDS"): 2,
    (word, "LOOKS"): 3,
    (decided, "WATCHED"): 3,
    (guidance, "PROMPTS"): 2,
    (guidance, "NOISES"): 2,
    (picking, "PICKED"): 2,
    (picking, "CANDIDATES"): 3,
    (mixing, "WINDOWS"): 2,
    (copied, "COUNT"): 4,
    (linear_light, "SHARDS"): 1,
    (linear_light, "WINDOWS"): 2,
    (linear_light, "AT_ONCE"): 2,
}


class Watched(Project):
    """A project that remembers what was asked of it, and does it."""

    def __init__(self, *args, **more) -> None:
        super().__init__(*args, **more)
        object.__setattr__(self, "drawings", {})
        object.__setattr__(self, "masked", [])

    def generated(self, name, prompts, seeds, guidance):
        pictures = super().generated(name, prompts, seeds, guidance)
        self.drawings[name] = (list(prompts), list(seeds), guidance, pictures)
        return pictures

    def masks(self, pictures):
        self.masked.append(pictures)
        return super().masks(pictures)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Iterator[Path]:
    """Sources with a tiny study model, judges let in, samples, renders with light, a score."""
    with small_files(), pytest.MonkeyPatch.context() as patch:
        for (module, name), value in SMALL.items():
            patch.setattr(module, name, value)
        place = make_judged_place(tmp_path_factory.mktemp("experiments"))
        make_pipeline(place, "study", 0)
        root = place / "project"
        _sources(place, root)
        _lit(place)
        project = project_of(root)
        shown = replace(project.recipe.render, samples=1)
        recipe = replace(project.recipe, render=shown)
        study = root / "sources/models/study"
        made = score.score(
            recipe, study, root / "sources/models/judges", place, lambda *count: None
        )
        table.write(study / "score.json", made)
        yield root


def _sources(place: Path, root: Path) -> None:
    ignored = shutil.ignore_patterns("models")
    shutil.copytree(ROOT / "sources", root / "sources", ignore=ignored)
    told = yaml.safe_load((place / "study.yml").read_text("utf-8"))
    told["score"] = FEW.model_dump()
    told["render"]["samples"] = 1
    (root / "sources/study.yml").write_text(yaml.safe_dump(told, sort_keys=False), "utf-8")
    models = root / "sources/models"
    shutil.copytree(place / "study", models / "study")
    _let_in(place / "judges/judging.safetensors", models / "judges")
    text = (root / "sources/models.yml").read_text("utf-8")
    entries = yaml.safe_load(text)
    entries["study"]["revision"] = revision_of(models / "study")
    entries["study"]["defaults"] |= {"width": 64, "height": 64, "steps": 2}
    (root / "sources/models.yml").write_text(yaml.safe_dump(entries, sort_keys=False), "utf-8")


def _let_in(trained: Path, folder: Path) -> None:
    """Three steps of training make no judge; experiments need some that they may lean on."""
    folder.mkdir(parents=True)
    shutil.copy(trained, folder)
    jury = judges.load(folder, "judging")
    jury.accuracies = tuple(
        replace(a, value=0.95, low=0.94, high=0.96) if a.unit in ("share", "IoU") else a
        for a in jury.accuracies
    )
    for which in ("judging", "choosing"):
        judges.write(folder / f"{which}.safetensors", jury, {})


def _lit(place: Path) -> None:
    """Light for the first shard of the tiny renders: what their pictures would be of."""
    path = shard_path(place / "renders", recipe_of(place).render, 0)
    with np.load(path, allow_pickle=False) as shard:
        arrays = dict(shard)
    write_arrays(path, arrays | {"linear": linear_light.decoded(arrays["picture"])})


def project_of(root: Path) -> Watched:
    return Watched(root, root.parent, inputs.read(root), lambda what, done, of: None)


@pytest.fixture(scope="module")
def project(root) -> Watched:
    return project_of(root)


def measured(project: Watched, id: str) -> dict:
    """The rows of a measurement made now, by name."""
    return {row.name: row for row in runner.EXPERIMENTS[id].of(project).rows}


# ---- the runner ------------------------------------------------------------------------------


def test_every_measurement_is_made_written_and_then_up_to_date(root):
    ids = [id for id in runner.EXPERIMENTS if id != "captured"]
    said: list[str] = []
    runner.measure_all(project_of(root), ids, said.append, force=False)
    assert [line.split(":")[0] for line in said] == ids
    assert all(line.endswith(" rows") for line in said)
    again: list[str] = []
    runner.measure_all(project_of(root), ids, again.append, force=False)
    assert again == [f"{id}: up to date" for id in ids]
    for id in ids:
        kept = store.read_measurement(root, id)
        assert kept.rows and kept.question == runner.EXPERIMENTS[id].QUESTION
        needs = {name for name, _ in kept.inputs}
        assert needs >= {"version", *runner.EXPERIMENTS[id].NEEDS}
        assert bool(kept.model) == ("model" in needs)


# ---- what is drawn from what -----------------------------------------------------------------


def test_agreement_draws_prompts_without_a_world_once_more_from_other_noise(project):
    measured(project, "agreement")
    prompts, seeds, scale, pictures = project.drawings["unnamed"]
    unnamed = [s for s in project.samples.asked if "world" not in s.named]
    mirrors = [s for s in unnamed if s.scene.material.finish == agreement.AGAIN]
    assert prompts == [s.prompt for s in mirrors] and scale == project.recipe.score.guidance_scale
    assert mirrors and not set(seeds) & {s.seed for s in mirrors}
    before = project.samples.pictures[[s.index for s in mirrors]]
    assert not np.array_equal(pictures, before), "other noise is another picture"


def test_every_layer_is_masked_by_what_judges_find_in_that_very_layer(project):
    project.masked.clear()
    layers = project.layers()
    assert [layer.series for layer in layers] == [GENERATED, RENDERED, THROUGH]
    assert project.mask_doubt == ""
    wanted = (project.samples.pictures, project.samples.renders, project.through)
    for layer, pictures, masked in zip(layers, wanted, project.masked, strict=True):
        assert layer.pictures is pictures and masked is pictures
        assert np.array_equal(layer.masks, Project.masks(project, pictures))
    same = reconstructed(project.pipe.vae, project.samples.renders)
    assert np.array_equal(project.through, same), "through: the renders, by the model's own vae"


def test_renders_that_samples_are_compared_with_are_of_the_samples_scenes(project):
    shown = replace(project.recipe.render, window=0.0)
    for sample in project.samples.asked:
        assert sample.scene == scene.draw(sample.seed, shown, sample.held_out)


def test_guidance_asks_every_scale_for_the_same_prompts_from_the_same_noise(project):
    measured(project, "guidance")
    runs = {n: d for n, d in project.drawings.items() if n.startswith("guidance-")}
    assert [d[2] for d in runs.values()] == list(guidance.SCALES)
    prompts, seeds = {str(d[0]) for d in runs.values()}, {str(d[1]) for d in runs.values()}
    assert len(prompts) == len(seeds) == 1
    one = next(iter(runs.values()))
    pairs = list(zip(one[0], one[1], strict=True))
    assert len(set(pairs)) == len(pairs) == guidance.PROMPTS * guidance.NOISES


def test_candidates_of_a_prompt_begin_with_noises_of_their_own(project):
    measured(project, "picking")
    runs = [d for n, d in project.drawings.items() if n.startswith("candidates-")]
    assert len(runs) == picking.PICKED
    for prompts, seeds, _, pictures in runs:
        assert len(set(prompts)) == 1 and len(set(seeds)) == picking.CANDIDATES
        assert len({picture.tobytes() for picture in pictures}) == picking.CANDIDATES


def test_a_word_is_changed_from_the_same_noise_and_seen_under_both_pictures_bodies(project):
    project.masked.clear()
    measured(project, "word")
    texts = dict.fromkeys(text for pair in word.WORDS.values() for text in pair)
    finals = project.masked[: len(texts)]
    assert all(len(pictures) == word.SEEDS for pictures in finals)
    text, noises = next(iter(texts)), range(1, word.SEEDS + 1)
    scale = project.recipe.score.guidance_scale
    again = project.generated("again", [text] * word.SEEDS, list(noises), scale)
    assert np.abs(finals[0].astype(int) - again).mean() < 2, "noises 1, 2, … of the pinned model"
    _, seeds, _, _ = project.drawings["looks"]
    assert seeds == list(range(word.SEEDS + 1, word.LOOKS + 1)), "no noise is looked at twice"


def test_what_is_decided_is_watched_in_the_samples_own_prompts_and_noises(project):
    project.masked.clear()
    measured(project, "decided")
    few = project.request.every[: decided.WATCHED]
    (finals,) = project.masked
    known = project.samples.pictures[: decided.WATCHED]
    assert [s.seed for s in few] == [s.seed for s in project.samples.asked[: decided.WATCHED]]
    assert np.abs(finals.astype(int) - known).mean() < 2, "the same picture, but for rounding"


def test_windows_are_scenes_that_training_never_saw_and_the_model_is_asked_the_same_twice(project):
    measured(project, "mixing")
    every = project.recipe.train.held_out_every
    seeds = [s for s in range(0, 4000, every) if scene.draw(s, project.recipe.render).pane]
    assert len(project.windows.pictures) == linear_light.WINDOWS <= len(seeds)
    few = project.samples.asked
    plain, noises, _, _ = project.drawings["windows"]
    assert plain == [f"{s.prompt}, seen through a window" for s in few[: mixing.WINDOWS]]
    other, again, _, _ = project.drawings["unlike"]
    assert noises == again == [s.seed for s in few[: mixing.WINDOWS]], "the same noise"
    assert other == [s.prompt for s in few[mixing.WINDOWS : 2 * mixing.WINDOWS]]


def test_copies_are_of_renders_that_were_trained_on(project):
    rows = measured(project, "copied")
    training = project.training
    assert not set(training.trained) & set(training.held_out)
    copies = [row for name, row in rows.items() if "cop" in name and row.value is not None]
    assert copies, "true copies are measured as well: a measure that misses them is none"


def test_light_is_fitted_on_one_half_and_measured_on_the_other(project, monkeypatch):
    halves = []
    run = colour.run
    monkeypatch.setattr(colour, "run", lambda a, b: (halves.append((a, b)), run(a, b))[1])
    measured(project, "colour")
    ((fitted, seen),) = halves
    assert len(fitted.pictures) + len(seen.pictures) == len(project.lit.pictures)
    assert not np.array_equal(fitted.pictures[0], seen.pictures[0])


def test_the_score_that_is_shown_is_of_the_model_as_it_is_now(root, project):
    rows = measured(project, "asked")
    assert project.score.revision == project.request.revision and rows
    other = replace(project.score, revision="0" * 64)
    path = root / "sources/models/study/score.json"
    before = path.read_bytes()
    table.write(path, other)
    assert "another model's" in (project_of(root).missing("score") or "")
    path.write_bytes(before)


def test_a_key_changes_with_what_decides_it_and_with_nothing_else(project, root):
    assert agreement.NEEDS == ("model", "samples", "judging")
    again = project_of(root)
    for need in (
        "light",
        "windows",
        "samples",
        "judging",
        "choosing",
        "model",
        "score",
        "training",
    ):
        assert project.key(need) == again.key(need)
    wider = replace(again, cache=root / "elsewhere")
    assert wider.key("samples") == again.key("samples"), "where a thing lies is not what it is"
    assert wider.key("training") != again.key("training"), "no shards there"


def test_what_is_missing_says_which_command_makes_it(root):
    bare = replace(project_of(root), cache=root / "elsewhere")
    assert "run python -m gen study score" in (bare.missing("samples") or "")
    assert bare.missing("model") is None
    assert not bare.has(("model", "samples")) and bare.has(("model", "judging"))


def test_samples_are_read_only_as_they_were_asked_for(project):
    assert samples.read(project.request, project.cache / "samples").key == project.samples.key


# ---- picking for a person ----------------------------------------------------------------------


def test_judges_choose_for_the_study_model_s_own_words_alone(project, root):
    model = project.model
    text = project.samples.asked[0].prompt
    chosen, without = pick.judges_for(root, root.parent, model, text)
    assert without == "" and chosen(project.samples.pictures[:3]).shape == (3,)
    for other, words, cache, why in (
        (replace(model, id="sd15"), text, root.parent, "the pictures of study alone"),
        (model, "a submarine", root.parent, "no sentence of sources/study.yml's captions"),
        (model, text, root / "elsewhere", "run python -m gen study render"),
    ):
        chosen, without = pick.judges_for(root, cache, other, words)
        assert chosen is None and why in without
