"""gen/study/training/decoder.py: a decoder that learns from a critic, and latents that stay."""

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL
from tiny import TINY, checkpoint, equal, make_place, recipe_of, renders_of, trained

from gen.core.errors import ModelError
from gen.study.model import pipeline
from gen.study.recipe.train import FACTOR
from gen.study.training import train
from gen.study.training.checkpoint import read_record
from gen.study.training.dataset import means
from gen.study.training.decoder import SHEET, Critic, DecoderStage, Sharpening, read_sheet
from gen.study.training.diffusion import frozen_vae


def test_only_the_decoder_learns_and_the_saved_pipeline_has_it(begun):
    trained("decoder", begun, "work", steps=3)
    train.save(recipe_of(begun), begun / "work", begun / "study")
    before = AutoencoderKL.from_pretrained(begun / "work/pipeline/vae").state_dict()
    after = AutoencoderKL.from_pretrained(begun / "study/vae", dtype=torch.float32).state_dict()
    moved = {name for name in before if not torch.equal(before[name].half(), after[name].half())}
    assert moved and {name.split(".")[0] for name in moved} <= {"decoder", "post_quant_conv"}


def test_it_goes_on_as_if_never_stopped(begun):
    trained("decoder", begun, "work", steps=2)
    trained("decoder", begun, "work", steps=5)
    (begun / "other").mkdir()
    (begun / "work/pipeline").rename(begun / "other/pipeline")
    trained("decoder", begun, "other", steps=5)
    assert equal(checkpoint(begun, "decoder"), checkpoint(begun, "decoder", "other"))


def test_a_control_learns_from_errors_alone_and_no_pipeline_gets_it(begun):
    trained("uncriticized", begun, "work", steps=3)
    kept = checkpoint(begun, "uncriticized")
    assert not [name for name in kept if "critic" in name]
    train.save(recipe_of(begun), begun / "work", begun / "study")
    before = AutoencoderKL.from_pretrained(begun / "work/pipeline/vae").state_dict()
    after = AutoencoderKL.from_pretrained(begun / "study/vae", dtype=torch.float32).state_dict()
    assert all(torch.equal(before[name].half(), after[name].half()) for name in before)
    assert read_record(begun / "study")["uncriticized"]["step"] == 3


def test_a_decoder_of_other_latents_is_refused(begun):
    trained("decoder", begun, "work", steps=1)
    place = begun / "work/pipeline/vae"
    vae = AutoencoderKL.from_pretrained(place)
    with torch.no_grad():
        vae.quant_conv.bias += 1
    vae.save_pretrained(place)
    with pytest.raises(ModelError, match=r"decoder: was trained for another encoder's latents"):
        train.save(recipe_of(begun), begun / "work", begun / "study")
    with pytest.raises(ModelError, match="another shape"):
        trained("decoder", begun, "work", steps=2)


def test_latents_lie_where_their_pixels_do(tmp_path):
    place = begin(make_place(tmp_path, decoder=TINY["decoder"] | {"noise": 0.0}))
    recipe, renders = recipe_of(place).train, renders_of(place)
    vae = frozen_vae(recipe, renders, place / "work", None)
    stage = DecoderStage(recipe, renders, vae, place / "work")
    brightness = torch.from_numpy(means(renders.pictures, FACTOR).mean(-1))  # (N, h, w)
    stage.latents.values[:, 0, 0] = brightness
    stage.latents.values[:, 1, 0] = brightness.flip(-1)
    for step in range(4):
        z, x, cover = stage.batch(step, 0, 1)
        cells = torch.nn.functional.avg_pool2d((x.mean(1) + 1) * 127.5, FACTOR)
        assert z.shape == (4, 4, 4, 4) and (z[:, 0] - cells).abs().max() < 0.1
        assert cover.shape == (4, 1, 32, 32) and cover.min() >= 0 and cover.max() == 1


def test_what_the_critic_asks_has_a_strength_and_no_value(begun):
    z, x = torch.randn(2, 4, 4, 4), torch.rand(2, 3, 32, 32) * 2 - 1

    def learned(push: float) -> tuple[float, torch.Tensor]:
        recipe = recipe_of(begun).train
        decoder = recipe.decoder.model_copy(update={"push": push})
        torch.manual_seed(3)
        vae = pipeline.autoencoder(recipe.autoencoder)
        sharpening = Sharpening(vae, recipe.model_copy(update={"decoder": decoder}))
        loss = sharpening(z, x, torch.ones(2, 1, 32, 32))
        loss.backward()
        return float(loss.detach()), vae.decoder.conv_out.weight.grad

    (alone, errors), (value, once), (_, twice) = learned(0), learned(1), learned(2)
    assert value == pytest.approx(alone)
    assert (once - errors).norm() > 0.01 * errors.norm()
    assert torch.allclose(twice - errors, 2 * (once - errors), rtol=1e-3, atol=1e-6)


def test_a_critic_is_heard_on_bodywork_and_little_elsewhere(begun):
    recipe = recipe_of(begun).train
    sharpening = Sharpening(pipeline.autoencoder(recipe.autoencoder), recipe)
    cover = torch.zeros(1, 1, 32, 32)
    cover[..., 0, 0] = 1
    heard = sharpening._heard(cover)[0, 0]
    assert heard[:9, :9].min() == 1, "and near it"
    assert heard[9:].max() == heard[:, 9:].max() == pytest.approx(0.3)


def test_a_critic_s_slope_is_bounded():
    conv = Critic([8, 8, 8]).seen[2]
    with torch.no_grad():
        conv.parametrizations.weight.original.mul_(100)
    assert torch.linalg.matrix_norm(conv.weight.detach().flatten(1), 2) == pytest.approx(
        1, abs=1e-5
    )


def test_its_sheet_travels_with_the_weights(begun):
    trained("decoder", begun, "work", steps=4)
    train.save(recipe_of(begun), begun / "work", begun / "study")
    renders, before, after = read_sheet(begun / "study" / SHEET, 64)
    assert renders.shape == (len(renders), 64, 64, 3) and len(renders) == len(after)
    given = renders_of(begun)
    off = renders.astype(float) - given.pictures[given.held_out[:6]]
    assert np.abs(off).mean() < 8, "a WebP of noise is not exact"
    assert not np.array_equal(before, after) and not np.array_equal(before, renders)

    kept = (begun / "study" / SHEET).read_bytes()
    trained("pipeline", begun, "warm", steps=2, start=begun / "study")
    trained("decoder", begun, "warm", steps=6, start=begun / "study")
    train.save(recipe_of(begun), begun / "warm", begun / "study")
    assert (begun / "study" / SHEET).read_bytes() == kept, "what it was before the critic is gone"


def begin(place):
    trained("autoencoder", place, "work", steps=2)
    trained("pipeline", place, "work", steps=1)
    return place


@pytest.fixture
def begun(place):
    return begin(place)
