"""Captures of a tiny real pipeline: whole, harmless, the same again, resumed after any death."""

import io
import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from gen.capture import (  # noqa: E402
    denoise,
    latent_colours,
    one,
    sheets,
)
from gen.core.errors import BadInput  # noqa: E402
from gen.core.records import END, PADDING, START  # noqa: E402


def picture(held: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(held)))


def frame(files, view, at: int) -> np.ndarray:
    """One frame of a sheet."""
    width, height = view.frame_size
    top, left = at // 8 * height, at % 8 * width
    return picture(files[view.sheet])[top : top + height, left : left + width]


def test_observing_never_changes_the_picture(made, tiny_pipe, tiny_prompt):
    """Every view on, against the pipeline's own call with none."""
    plain = tiny_pipe(
        tiny_prompt.text,
        negative_prompt=tiny_prompt.negative,
        num_inference_steps=tiny_prompt.steps,
        guidance_scale=tiny_prompt.guidance_scale,
        width=tiny_prompt.width,
        height=tiny_prompt.height,
        generator=torch.Generator().manual_seed(tiny_prompt.seed),
    ).images[0]
    record, files = made
    assert np.array_equal(picture(files[record.final]), np.asarray(plain))


def test_every_view_at_every_step(made):
    record, files = made
    views = {(view.kind, view.word): view for view in record.views}
    words = [START, "a", "chrome", "car", "studio", END, PADDING]
    assert list(views) == [
        *(("noisy", None), ("clean", None)),
        *(("attention", word) for word in words),
        ("guidance", None),
    ]
    assert len(record.steps) == 4
    for (kind, _), view in views.items():
        assert view.frames == (5 if kind == "noisy" else 4)
        assert view.frame_size == ((64, 48) if kind == "clean" else (8, 6))
        assert (view.scale is None) == (kind in ("noisy", "clean"))
        assert bool(view.layers) == (kind == "attention")
    assert set(files) == {"final.png", *(view.sheet for view in record.views)}
    assert [len(curve.values) for curve in record.curves] == [4, 4]


def test_a_capture_is_the_same_again(made, tiny_pipe, tiny_prompt, tiny_model, colours):
    assert one.capture(tiny_pipe, tiny_prompt, tiny_model, colours) == made


def test_noisy_frames_are_the_latents_through_the_kept_map(made, tiny_pipe, tiny_prompt, colours):
    """Worked out pixel by pixel; frame 0 is the starting noise, the last the final latents."""
    record, files = made
    moments = list(denoise.denoise(tiny_pipe, tiny_prompt))
    for at, latents in ((0, moments[0].seen), (4, moments[-1].latents)):
        rgb = np.array(colours.matrix) @ latents[0].flatten(1).numpy() + np.array(
            colours.bias
        ).reshape(3, 1)
        expected = (rgb.clip(0, 1) * 255).T.reshape(6, 8, 3)
        levels = (expected.round() / 255 * 31).round() * 255 / 31  # few colours are kept
        assert np.abs(frame(files, record.view("noisy"), at) - levels).max() <= 0.51


def test_clean_frames_are_the_decoded_predictions(made, tiny_pipe, tiny_prompt):
    """The sheet is lossy, so near; the curve is measured before, so exact."""
    record, files = made
    moments = list(denoise.denoise(tiny_pipe, tiny_prompt))
    final = denoise.decode(tiny_pipe, moments[-1].latents)
    for at, moment in enumerate(moments):
        clean = denoise.decode(tiny_pipe, moment.clean)
        shown = frame(files, record.view("clean"), at)
        assert np.abs(shown - clean[0].permute(1, 2, 0).numpy() * 255).mean() < 12
        apart = float((clean - final).square().mean().sqrt())
        assert record.curve("distance")[at] == pytest.approx(apart, rel=1e-5, abs=1e-9)


def test_words_and_padding_share_all_attention(made):
    """Each map has a scale of its own; together a place's shares are one whole."""
    record, files = made
    shares = []
    for view in record.views:
        if view.kind == "attention":
            low, high = view.scale
            shares.append(low + frame(files, view, 2)[..., 0] / 255 * (high - low))
    assert np.abs(sum(shares) - 1).max() < 0.02
    assert shares[-1].min() > 0.5, "71 of 77 places are padding, and nothing is learned here"


def test_guidance_is_what_the_words_change_in_the_guess(made, tiny_pipe, tiny_prompt):
    record, files = made
    view = record.view("guidance")
    for at, moment in enumerate(denoise.denoise(tiny_pipe, tiny_prompt)):
        norm = moment.sigma * moment.effect[0].norm(dim=0).numpy()
        low, high = view.scale
        expected = (norm - low) / (high - low) * 255
        assert np.abs(frame(files, view, at)[..., 0] - expected).max() < 24, "WebP may be lossy"
        energy = float(moment.effect.square().mean().sqrt())
        assert record.curve("guidance")[at] == pytest.approx(energy, rel=1e-5)


def test_without_guidance_there_is_no_view_of_it(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, guidance_scale=1.0)
    record, _ = one.capture(tiny_pipe, prompt, tiny_model, colours)
    assert {view.kind for view in record.views} == {"noisy", "clean", "attention"}
    assert [curve.name for curve in record.curves] == ["distance"]
    assert record.part("unet").takes[0][0] == 1, "one branch only"


def test_pieces_of_a_word_share_a_view(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, text="a zebra")
    record, _ = one.capture(tiny_pipe, prompt, tiny_model, colours)
    assert [token.word for token in record.tokens] == [START, "a", *["zebra"] * 5, END]
    pieces, whole = record.view("attention", "zebra"), record.view("attention", "a")
    assert pieces.scale[0] > 3 * whole.scale[0], "five shares, added up"


def test_a_text_that_would_be_cut_is_refused_before_anything_runs(
    tiny_pipe, tiny_prompt, tiny_model, colours
):
    prompt = replace(tiny_prompt, negative="red " * 74 + "car chrome zebra")
    with pytest.raises(BadInput, match=r"negative is longer than 77 tokens; .*: chrome, zebra$"):
        one.capture(tiny_pipe, prompt, tiny_model, colours)


def test_steps_are_those_that_were_taken(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    record, _ = one.capture(tiny_pipe, prompt, tiny_model, colours)
    assert len(record.steps) == record.part("unet").runs > prompt.steps
    assert record.view("noisy").frames == len(record.steps) + 1


def test_wide_pictures_are_shown_small(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, width=512, height=64, steps=1)
    record, _ = one.capture(tiny_pipe, prompt, tiny_model, colours)
    assert record.view("clean").frame_size == (256, 32)


def test_pictures_carry_prompt_seed_and_model(made, tiny_prompt, tiny_model):
    record, files = made
    text = Image.open(io.BytesIO(files["final.png"])).text
    assert (text["text"], text["seed"], text["model"]) == (tiny_prompt.text, "3", "Tiny model")
    assert text["revision"] == tiny_model.revision
    for view in record.views:
        about = Image.open(io.BytesIO(files[view.sheet])).getexif()[sheets.DESCRIPTION]
        expected = {"model": "Tiny model", "prompt": tiny_prompt.text, "seed": 3}
        assert json.loads(about) == expected


def test_a_text_of_any_script_is_carried_whole(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, text="クロムの車 ö", steps=1)
    _, files = one.capture(tiny_pipe, prompt, tiny_model, colours)
    assert Image.open(io.BytesIO(files["final.png"])).text["text"] == prompt.text
    about = Image.open(io.BytesIO(files["clean.webp"])).getexif()[sheets.DESCRIPTION]
    assert json.loads(about)["prompt"] == prompt.text


def test_latent_colours_come_nearest_to_the_decoder(tiny_pipe, tiny_model, colours):
    """Any other map is further off, on what it was fitted on."""
    (prompt,) = latent_colours.own_prompts(tiny_pipe, tiny_model)
    latents, rgb = (
        torch.cat(held)
        for held in zip(*latent_colours._pairs(tiny_pipe, prompt, "tiny", print), strict=True)
    )
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)

    def off(matrix) -> float:
        return float((latents @ matrix.T + bias - rgb).square().mean().sqrt())

    assert off(matrix) == pytest.approx(colours.rmse, rel=1e-3)
    assert off(matrix * 1.2) > colours.rmse < off(matrix - 0.01)
    assert colours.pixels == len(rgb) == 2 * 6 * 8
    assert (prompt.width, prompt.height, prompt.seed) == (64, 48, 0)
