"""What measurements are made from: keys, what is missing, pictures under all that decides them."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from gen.capture import devices
from gen.core.errors import BadInput
from gen.measure import decided, repaint, shape, where
from gen.measure.kit.first import first
from gen.measure.kit.pictures import GENERATED, RENDERED, THROUGH
from gen.measure.kit.project import Project
from gen.study.scoring import samples, table
from gen.study.training.autoencoder import reconstructed

NEEDS = ("light", "windows", "samples", "judging", "choosing", "model", "score", "training",
         "captures", "recipe")  # fmt: skip


def opened(root: Path, cache: Path | None = None) -> Project:
    """The project as the next command would see it."""
    from tiny_project import project_of

    return replace(project_of(root), cache=cache or root.parent)


@pytest.fixture
def copy(project, tmp_path) -> Path:
    """The root of a copy of the project, to be changed."""
    root = tmp_path / "project"
    shutil.copytree(project.root, root)
    for name in ("renders", "samples"):
        shutil.copytree(project.cache / name, tmp_path / name)
    return root


def keys(project: Project) -> dict[str, str]:
    return {need: project.key(need) for need in NEEDS}


def changed(project: Project, root: Path) -> set[str]:
    """The needs that have another key in a copy that something was done to."""
    before, after = keys(project), opened(root)
    return {need for need, key in before.items() if after.missing(need) or after.key(need) != key}


# ---- keys --------------------------------------------------------------------------------------


def test_a_copy_of_a_project_elsewhere_has_the_same_keys(project, copy):
    assert changed(project, copy) == set()
    assert len(set(keys(project).values())) == len(NEEDS), "each is of its own"


def test_what_is_asked_for_in_other_words_is_another_recipe_s(project, copy):
    study = copy / "sources/study.yml"
    text = study.read_text("utf-8")
    study.write_text(text.replace("seen from the side", "from the side"), "utf-8")
    assert "recipe" in changed(project, copy)
    assert not {"light", "windows"} & changed(project, copy), "what is rendered has no words"


def test_what_is_worded_by_the_recipe_says_that_it_needs_it():
    assert all("recipe" in module.NEEDS for module in (decided, where, repaint, shape))


def test_other_renders_held_out_are_another_training(project, copy):
    study = copy / "sources/study.yml"
    text = study.read_text("utf-8")
    every = f"held_out_every: {project.recipe.train.held_out_every}"
    assert every in text
    study.write_text(text.replace(every, "held_out_every: 7"), "utf-8")
    assert "training" in changed(project, copy)


def test_the_pipeline_is_in_single_precision_on_a_device_that_paints_in_half(project, monkeypatch):
    monkeypatch.setattr(devices, "dtype", lambda wanted, device: torch.float16)  # as on CUDA
    assert replace(project).pipe.unet.dtype == torch.float32


def test_another_recipe_changes_the_keys_of_what_is_made_by_it(project, copy):
    study = copy / "sources/study.yml"
    text = study.read_text("utf-8")
    study.write_text(text.replace("  samples: 1\n", "  samples: 2\n"), "utf-8")
    assert {"light", "windows", "samples"} <= changed(project, copy)
    study.write_text(text.replace("held_out_every: 20", "held_out_every: 10"), "utf-8")
    assert "windows" in changed(project, copy), "other scenes are held out"


def test_other_weights_change_the_keys_of_all_that_they_made(project, copy):
    (copy / "sources/models/study/unet/config.json").write_bytes(b"{}")
    assert changed(project, copy) == {"samples", "model", "score"}


@pytest.mark.parametrize(
    "old, new", [("\n  steps: 2\n", "\n  steps: 3\n"), ("eta: 1.0", "eta: 0.5")]
)
def test_settings_change_the_keys_of_all_that_is_painted_by_them(project, copy, old, new):
    study = copy / "sources/study.yml"
    text = study.read_text("utf-8")
    assert text.count(old) == 1
    study.write_text(text.replace(old, new), "utf-8")
    assert {"samples", "model", "score"} == changed(project, copy)


def test_each_set_of_judges_has_a_key_of_its_own(project, copy):
    judges = copy / "sources/models/judges"
    shutil.copy(judges / "choosing.safetensors", judges / "judging.safetensors")
    assert changed(project, copy) == {"judging", "score"}
    assert opened(copy).key("judging") == project.key("choosing")


def test_more_shards_change_what_was_trained_on_and_nothing_else(project, copy):
    renders = copy.parent / "renders"
    last = max(renders.glob("renders-*.npz"))
    last.unlink()
    assert changed(project, copy) == {"training"}


def test_another_score_and_one_capture_less_are_seen(project, copy):
    path = copy / "sources/models/study/score.json"
    table.write(path, replace(project.score, trained_on={}))
    assert changed(project, copy) == {"score"}
    table.write(path, project.score)
    shutil.rmtree(copy / "docs/captures" / max(project.captures))
    assert changed(project, copy) == {"captures"}


# ---- what is missing -----------------------------------------------------------------------------


def test_what_is_missing_says_which_command_makes_it(project, tmp_path):
    bare = opened(project.root, tmp_path)
    assert "run python -m gen study score" in (bare.missing("samples") or "")
    assert bare.missing("model") is None
    assert not bare.has(("model", "samples")) and bare.has(("model", "judging"))


@pytest.mark.parametrize(
    "field, says",
    [
        ("revision", "another model's"),
        ("samples", "of other samples"),
        ("judges", "by other judges"),
    ],
)
def test_the_score_of_another_model_or_by_other_judges_is_refused(project, copy, field, says):
    path = copy / "sources/models/study/score.json"
    table.write(path, replace(project.score, **{field: "0" * 64}))
    with pytest.raises(BadInput, match=f"is {says}; run python -m gen study score$"):
        _ = opened(copy).score
    assert says in (opened(copy).missing("score") or "")


def test_more_samples_than_the_recipe_asks_for_are_refused_with_the_number(project):
    assert len(first(project.request, 8).wanted) == 8
    with pytest.raises(BadInput, match=r"score > ordinary: 6: with 2 held out, 9 .* at least 7$"):
        first(project.request, 9)


# ---- pictures ----------------------------------------------------------------------------------


def test_samples_are_those_that_were_asked_for_with_renders_of_their_own_scenes(project):
    assert samples.read(project.request, project.cache / "samples").key == project.samples.key
    assert [s.scene for s in project.samples.entries] == [s.scene for s in project.request.every]


def test_layers_are_samples_renders_and_these_through_the_models_own_autoencoder(project):
    layers = {layer.series: layer for layer in project.layers()}
    assert list(layers) == [GENERATED, RENDERED, THROUGH] and project.mask_doubt == ""
    same = reconstructed(project.pipe.vae, project.samples.renders)
    assert np.array_equal(layers[THROUGH].pictures, same)
    for layer in layers.values():
        assert np.array_equal(layer.masks, project.judging.read(layer.pictures).mask)


def test_pictures_are_painted_as_they_would_be_one_by_one(project):
    prompts, seeds = ["a red car", "a blue car", "a green car"], [5, 6, 7]
    together = project.generated("together", prompts, seeds, 3.0)
    assert len(together) == 3 > samples.BATCH
    for prompt, seed, picture in zip(prompts, seeds, together, strict=True):
        alone = project.generated("alone", [prompt], [seed], 3.0)[0]
        assert np.abs(alone.astype(int) - picture).max() <= 1
    wanted = project.recipe.score.guidance_scale
    samples_own = project.generated("own", [project.samples.entries[0].prompt],
                                    [project.samples.entries[0].seed], wanted)  # fmt: skip
    assert np.abs(samples_own[0].astype(int) - project.samples.pictures[0]).max() <= 1


def test_pictures_are_kept_by_all_that_decides_them_and_painted_once(project, copy):
    def path(prompts=("a red car",), seeds=(5,), guidance=3.0, root=project.root) -> str:
        folder = root.parent / "measured"
        before = set(folder.glob("kept-*")) if folder.exists() else set()
        opened(root).generated("kept", prompts, seeds, guidance)
        (new,) = set(folder.glob("kept-*")) - before
        return new.name

    first = path()
    known = (project.cache / "measured" / first).stat().st_mtime_ns
    names = {
        first,
        path(prompts=("a blue car",)),
        path(seeds=(6,)),
        path(guidance=3.5),
        path(("a red car", "a red car"), (5, 6)),
    }
    assert len(names) == 5
    opened(project.root).generated("kept", ("a red car",), (5,), 3.0)
    assert (project.cache / "measured" / first).stat().st_mtime_ns == known
    assert path(root=copy) == first
    study = copy / "sources/study.yml"
    study.write_text(study.read_text("utf-8").replace("\n  steps: 2\n", "\n  steps: 3\n"), "utf-8")
    assert path(root=copy) != first, "more steps are another picture"


def test_other_weights_paint_other_pictures_under_another_name(project, copy):
    opened(project.root).generated("other", ["a red car"], [5], 3.0)
    (known,) = (project.cache / "measured").glob("other-*")
    (copy.parent / "measured").mkdir()
    shutil.copy(known, copy.parent / "measured")
    config = copy / "sources/models/study/scheduler/scheduler_config.json"
    config.write_text(config.read_text("utf-8") + "\n", "utf-8")
    models = copy / "sources/models.yml"
    text = models.read_text("utf-8")
    changed_copy = opened(copy)
    old, new = project.request.revision, changed_copy.request.revision
    models.write_text(text.replace(old, new), "utf-8")
    opened(copy).generated("other", ["a red car"], [5], 3.0)
    assert len(list((copy.parent / "measured").glob("other-*"))) == 2


def test_empty_requests_paint_nothing_of_the_right_shape(project):
    assert project.generated("none", [], [], 1.0).shape == (0, 64, 64, 3)
