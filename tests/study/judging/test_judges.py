"""gen/study/judging/judges.py and training.py: what judges see, learn and keep."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tiny import equal, make_place, renders_of, steps_in
from tiny_judges import TINY, make_judged_place, recipe_of, trained

from gen.core.errors import BadInput, ModelError
from gen.study.judging import judges, training
from gen.study.judging.accuracy import accuracy
from gen.study.judging.readings import KINDS, classes
from gen.study.judging.training import JudgesStage
from gen.study.model import pipeline
from gen.study.recipe.whole import read_recipe
from gen.study.training.checkpoint import CHECKPOINT, read_state
from gen.study.training.dataset import Renders, as_input, halved, shuffled

KEPT = Path(__file__).parents[3] / "sources/study.yml"


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Path:
    return make_judged_place(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def jury(shown) -> judges.Judges:
    return judges.load(shown / "judges", "judging")


def halves_of(renders: Renders) -> Renders:
    bodies = halved(renders.bodies[..., None])[..., 0]
    return replace(renders, pictures=halved(renders.pictures), bodies=bodies)


# ---- what a judge may see ------------------------------------------------------------------


def test_a_part_has_a_margin_and_the_car_is_closed():
    mask = np.zeros((1, 32, 32), np.uint8)
    mask[0, 8:24, 6:26] = 255
    mask[0, 13:18, 11:20] = 0  # a window
    body = judges.allowed(mask, "body", 2)[0, 0].numpy()
    assert body[10, 8] and not body[9, 8] and not body[10, 7]
    assert not body[11, 12] and not body[14, 14], "neither beside the window nor in it"
    background = judges.allowed(mask, "background", 3)[0, 0].numpy()
    assert background[4, 15] and not background[5, 15]
    assert not background[14, 14], "the window mirrors the world, and is no background"


@pytest.mark.parametrize("of", ["body", "background"])
def test_a_part_is_read_from_itself_alone(shown, jury, of):
    renders = renders_of(shown)
    pictures, masks = renders.pictures[:6], renders.bodies[:6]
    inside = masks[..., None] >= 128
    other = np.random.default_rng(0).integers(0, 256, pictures.shape).astype(np.uint8)
    replaced = np.where(inside, *((pictures, other) if of == "body" else (other, pictures)))
    before, after = (jury.read_world(p, masks, of) for p in (pictures, replaced))
    assert (before.world == after.world).all()
    for name in ("sun", "horizon", "features"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert np.array_equal(before.probabilities["world"], after.probabilities["world"])
    its_own = jury.read_world(other, masks, of)
    assert not np.array_equal(before.features, its_own.features), "but it does look at its part"


# ---- reading -------------------------------------------------------------------------------


def test_readings_have_their_shapes(shown, jury):
    pictures = renders_of(shown).pictures[:20]  # more than are read at once
    read = jury.read(pictures)
    assert read.mask.shape == (20, 64, 64) and read.mask.dtype == np.uint8
    assert read.features.shape == (20, TINY.features)
    for kind in KINDS:
        likely = read.probabilities[kind]
        assert np.allclose(likely.sum(1), 1, atol=1e-5)
        names = np.array(getattr(jury.known, kind))
        assert (getattr(read, kind) == names[likely.argmax(1)]).all()
    assert (np.abs(read.sun) <= 180).all() and read.horizon.shape == (20,)


def test_shrunk_pictures_are_read_by_networks_for_their_size_and_masks_come_back_whole(shown):
    small = JudgesStage(recipe_of(shown, shrink=1), halves_of(renders_of(shown)), "judging", None)
    whole = JudgesStage(recipe_of(shown, shrink=2), renders_of(shown), "judging", None)
    assert whole.batch(1, 0, 1)[0].shape[-2:] == (32, 32)
    whole.judges.jury.load_state_dict(small.judges.jury.state_dict())
    pictures, bodies = renders_of(shown).pictures[:4], renders_of(shown).bodies[:4]
    read, alike = whole.judges.read(pictures), small.judges.read(halved(pictures))
    assert read.mask.shape == bodies.shape and np.array_equal(read.features, alike.features)
    assert np.abs(halved(read.mask[..., None])[..., 0] - alike.mask.astype(float)).mean() < 12
    world = whole.judges.read_world(pictures, bodies, "body")
    low = small.judges.read_world(halved(pictures), halved(bodies[..., None])[..., 0], "body")
    assert np.array_equal(world.features, low.features)


def test_other_sizes_are_refused(jury):
    with pytest.raises(BadInput, match="judges read"):
        jury.read(np.zeros((2, 32, 32, 3), np.uint8))
    with pytest.raises(BadInput, match="give one for each"):
        jury.read_world(np.zeros((2, 64, 64, 3), np.uint8), np.zeros((1, 64, 64), np.uint8), "body")
    with pytest.raises(BadInput, match="uint8, 255 where bodywork is"):
        jury.read_world(np.zeros((2, 64, 64, 3), np.uint8), np.zeros((2, 64, 64), bool), "body")


# ---- learning ------------------------------------------------------------------------------


def test_the_two_sets_learn_from_disjoint_renders(shown):
    renders = renders_of(shown)
    pools = [set(training.pool(renders, which)) for which in ("choosing", "judging")]
    assert pools[0] and pools[1] and not pools[0] & pools[1]
    assert pools[0] | pools[1] == set(renders.trained)
    assert not (pools[0] | pools[1]) & set(renders.held_out)


def test_judges_apart_learn_from_a_folder_of_their_own(tmp_path, one_thread):
    place = make_place(tmp_path)
    with pytest.raises(BadInput, match=r"renders/apart: no renders .* 0 1000 --apart$"):
        trained(place, "apart", steps=1)
    (place / "renders/apart").mkdir()
    first, *_ = sorted((place / "renders").glob("*.npz"))
    first.rename(place / "renders/apart" / first.name)
    trained(place, "apart", steps=1)
    there = training._renders(recipe_of(place), place / "renders", "apart")
    training.save(recipe_of(place), place / "renders", place / "work", "apart", place / "judges")
    pool, seeds = training.pool(there, "apart"), [s.seed for s in there.scenes]
    assert {seeds[i] % 2 for i in pool} == {0, 1}, "all that is there but for what is held out"
    assert judges.load(place / "judges", "apart").trained_on == len(pool) == len(there.trained)
    assert not {s.seed for s in renders_of(place).scenes} & set(seeds), "the painter sees none"


def test_a_handful_is_learned_by_heart(shown, one_thread):
    """Renders of nothing: the colour and noise of each picture alone tell what was drawn."""
    stage = training.JudgesStage(
        recipe_of(shown, clean=1.0, batch=4), renders_of(shown), "judging", None
    )
    stage.pool = stage.pool[:4]
    optimizer = torch.optim.AdamW(stage.model.parameters(), 0.01, fused=True)
    losses = []
    for step in range(180):
        loss = stage.model(*stage.batch(step, 0, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]  # the parts' and the mask's losses are in it
    rows = accuracy(stage.judges, stage.renders, stage.pool)
    found = {row.name: row.value for row in rows if row.of == "all"}
    assert min(found[kind] for kind in KINDS) > 0.7
    assert found["mask"] > 0.6 and found["horizon_error"] < 0.1


def test_a_mirrored_picture_has_its_sun_mirrored(shown):
    recipe = recipe_of(shown, clean=1.0)
    stage = training.JudgesStage(recipe, renders_of(shown), "judging", None)
    which = shuffled(stage.seed + stage.number, stage.pool, 0, TINY.batch)
    x, cover, *_, sky = stage.batch(0, 0, 1)
    as_drawn = as_input(stage.renders.pictures[which])
    mirrored = [torch.equal(a, b.flip(-1)) for a, b in zip(x, as_drawn, strict=True)]
    assert True in mirrored and False in mirrored
    signs = torch.tensor([-1.0 if m else 1.0 for m in mirrored])
    expected = torch.from_numpy(stage.sky[which])
    assert torch.equal(sky[:, 0].nan_to_num(), (signs * expected[:, 0]).nan_to_num())
    assert torch.equal(sky[:, 1].nan_to_num(), expected[:, 1].nan_to_num())
    assert cover.shape == (TINY.batch, 1, 64, 64) and cover.max() == 1


def test_a_training_goes_on_exactly(tmp_path, one_thread):
    place = make_place(tmp_path)
    trained(place, "choosing", steps=2)
    told = trained(place, "choosing", steps=4)
    assert {p.kind for p in told} >= {"kept", "score", "sheet"}
    kept = place / "work/judges-choosing" / CHECKPOINT
    twice = load_file(kept)
    kept.unlink()
    trained(place, "choosing", steps=4)
    assert steps_in(kept) == 4 and equal(twice, load_file(kept))


def test_a_kept_set_is_begun_with_gone_on_from_or_refused(tmp_path, one_thread):
    place = make_place(tmp_path)
    kept, asked = place / "judges", (recipe_of(place), place / "renders", place / "work")
    trained(place, "choosing", steps=1)
    training.save(*asked, "choosing", kept)
    for steps in (2, 3):  # it is what the run wrote, now and at an earlier step
        trained(place, "choosing", steps=steps, start=kept)
    (place / "work").rename(place / "away")
    for steps in (1, 2):  # it is what the run began with
        trained(place, "choosing", steps=steps, start=kept)
    (place / "work").rename(place / "again")
    trained(place, "choosing", steps=2)
    with pytest.raises(BadInput, match=r"--from \S*judges: \S*work/judges-choosing\S* neither"):
        trained(place, "choosing", steps=3, start=kept)


def test_the_autoencoder_wears_renders_too(shown, tmp_path):
    recipe = recipe_of(shown)
    pipeline.autoencoder(recipe.train.autoencoder).save_pretrained(tmp_path / "vae")
    stage = training.JudgesStage(recipe, renders_of(shown), "judging", tmp_path)
    assert list(stage.reconstructed) == stage.pool[: TINY.reconstructed].tolist()
    assert all(p.shape == (64, 64, 3) for p in stage.reconstructed.values())


def test_a_training_begins_with_a_kept_set_of_its_shape(shown, jury):
    stage = JudgesStage(recipe_of(shown), renders_of(shown), "judging", None)
    stage.load(shown / "judges")
    pictures = renders_of(shown).pictures[:4]
    assert np.array_equal(stage.judges.read(pictures).features, jury.read(pictures).features)
    other = JudgesStage(recipe_of(shown, hidden=8), renders_of(shown), "judging", None)
    with pytest.raises(ModelError, match="has judges of another shape"):
        other.load(shown / "judges")


# ---- kept on disk --------------------------------------------------------------------------


def test_a_saved_set_reads_as_before(shown, jury, tmp_path):
    pictures = renders_of(shown).pictures[:4]
    judges.write(tmp_path / "judging.safetensors", jury, {})
    again = judges.load(tmp_path, "judging")
    assert np.array_equal(jury.read(pictures).features, again.read(pictures).features)
    assert again.accuracies == jury.accuracies != ()
    told = read_state(shown / "judges/judging.safetensors")
    assert told["which"] == "judging" and told["step"] == 3 and told["trained_on"] > 0
    assert [path.name for path in (shown / "judges").iterdir()] == ["judging.safetensors"]


def test_what_is_damaged_is_said(shown, tmp_path):
    held = (shown / "judges/judging.safetensors").read_bytes()
    for damage in (b"", held[:-9], held[:8] + b"x" + held[9:], held.replace(b"recipe", b"recipa")):
        (tmp_path / "judging.safetensors").write_bytes(damage)
        with pytest.raises(
            ModelError, match=r"judging\.safetensors: is damaged.*; restore it from"
        ):
            judges.load(tmp_path, "judging")


def test_what_is_not_there_is_said(shown):
    how = r"choosing --pipeline sources/models/study --minutes 30 --to \S+/judges first$"
    with pytest.raises(ModelError, match=rf"choosing\.safetensors: is not there; .*{how}"):
        judges.load(shown / "judges", "choosing")
    with pytest.raises(ModelError, match="train judges-choosing first"):
        training.save(
            recipe_of(shown), shown / "renders", shown / "work", "choosing", shown / "judges"
        )


def test_both_sets_stay_under_five_megabytes(recipe):
    kept = read_recipe(KEPT).judges
    whole = judges.networks(kept, classes(recipe), (256, 384))
    assert 2 * 2 * sum(w.numel() for w in whole.parameters()) < 5e6  # two sets of two bytes each
