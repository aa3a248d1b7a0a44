"""Our loop against the pipeline's own call, on a tiny real one; loading and what it refuses."""

import json
import re
import shutil
from dataclasses import replace
from functools import wraps

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import diffusers  # noqa: E402
import numpy as np  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from gen.capture import denoise as generate  # noqa: E402
from gen.core.errors import BadInput, ModelError  # noqa: E402
from gen.core.records import END, START, Model  # noqa: E402

SCHEDULERS = [
    "DDIMScheduler",
    "EulerDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "PNDMScheduler",  # asks the model more often than there are steps
    "HeunDiscreteScheduler",  # likewise
    "EulerAncestralDiscreteScheduler",  # draws noise at each step
]


def call(pipe, prompt, output="latent"):
    """The pipeline's own call."""
    pipe.scheduler = getattr(diffusers, prompt.scheduler).from_config(pipe.scheduler.config)
    return pipe(
        prompt.text,
        negative_prompt=prompt.negative,
        num_inference_steps=prompt.steps,
        guidance_scale=prompt.guidance_scale,
        width=prompt.width,
        height=prompt.height,
        generator=torch.Generator().manual_seed(prompt.seed),
        output_type=output,
    ).images


@pytest.fixture
def pipe(tiny_pipe):
    """The tiny pipeline, given back with the scheduler that it came with."""
    scheduler = tiny_pipe.scheduler
    yield tiny_pipe
    tiny_pipe.scheduler = scheduler


# Denoising


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("guidance_scale", [7.5, 1.0])
def test_the_last_latents_are_the_pipelines_own(pipe, tiny_prompt, scheduler, guidance_scale):
    prompt = replace(tiny_prompt, scheduler=scheduler, guidance_scale=guidance_scale)
    *_, last = generate.denoise(pipe, prompt)
    assert torch.equal(last.latents, call(pipe, prompt))
    assert (last.effect is None) == (guidance_scale == 1.0)


def test_the_picture_is_the_pipelines_own(pipe, tiny_prompt):
    *_, last = generate.denoise(pipe, tiny_prompt)
    picture = generate.decode(pipe, last.latents)  # (1, 3, H, W)
    assert np.array_equal(picture.permute(0, 2, 3, 1).numpy(), call(pipe, tiny_prompt, "np"))


@pytest.mark.parametrize("field", ["negative", "seed", "text", "guidance_scale"])
def test_all_that_is_asked_counts(pipe, tiny_prompt, field):
    other = {"negative": "", "seed": 4, "text": "a red car", "guidance_scale": 3.0}[field]
    (*_, one), (*_, two) = (
        generate.denoise(pipe, prompt)
        for prompt in (tiny_prompt, replace(tiny_prompt, **{field: other}))
    )
    assert not torch.equal(one.latents, two.latents)


def test_a_run_does_not_depend_on_the_one_before(pipe, tiny_prompt):
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    first, second = ([m.latents for m in generate.denoise(pipe, prompt)] for _ in range(2))
    assert all(map(torch.equal, first, second))


@pytest.mark.parametrize(
    ("name", "apart"),
    [("DDIMScheduler", 0.0), ("EulerDiscreteScheduler", 1e-5), ("HeunDiscreteScheduler", 1e-5)],
)
def test_clean_is_what_the_scheduler_predicts(pipe, tiny_prompt, monkeypatch, name, apart):
    """Wherever the scheduler tells: the last result of its step, pred_original_sample."""
    told, kind = [], getattr(diffusers, name)
    step = kind.step

    @wraps(step)
    def observed(*args, **kwargs):
        gives = step(*args, **kwargs)
        told.append(gives[1])
        return gives

    monkeypatch.setattr(kind, "step", observed)
    moments = list(generate.denoise(pipe, replace(tiny_prompt, scheduler=name)))
    assert len(moments) == len(told)
    for moment, clean in zip(moments, told, strict=True):
        size = clean.abs().max()
        assert (moment.clean - clean).abs().max() <= apart * size


def test_steps_are_recorded_not_counted(pipe, tiny_prompt):
    """PNDM asks 4 + 9 times for 4 steps, some timesteps twice; sigma belongs to the timestep."""
    moments = list(generate.denoise(pipe, replace(tiny_prompt, scheduler="PNDMScheduler")))
    timesteps = [moment.timestep for moment in moments]
    assert len(timesteps) > tiny_prompt.steps
    assert len(set(timesteps)) < len(timesteps)
    a = pipe.scheduler.alphas_cumprod
    for moment in moments:
        expected = ((1 - a[int(moment.timestep)]) / a[int(moment.timestep)]) ** 0.5
        assert moment.sigma == pytest.approx(float(expected))


@pytest.mark.parametrize("name", ["EulerDiscreteScheduler", "DPMSolverMultistepScheduler"])
def test_sigma_is_the_schedulers_own(pipe, tiny_prompt, name):
    prompt = replace(tiny_prompt, scheduler=name)
    scheduler = getattr(diffusers, name).from_config(pipe.scheduler.config)
    scheduler.set_timesteps(prompt.steps)
    moments = list(generate.denoise(pipe, prompt))
    assert [m.sigma for m in moments] == pytest.approx(scheduler.sigmas[:-1].tolist(), rel=1e-4)
    assert [m.timestep for m in moments] == scheduler.timesteps.tolist()


def test_the_unet_sees_latents_of_unit_variance(pipe, tiny_prompt):
    """Euler's latents start fourteen times larger; what is shown must not depend on that."""
    ddim, euler = (
        next(generate.denoise(pipe, replace(tiny_prompt, scheduler=name)))
        for name in ("DDIMScheduler", "EulerDiscreteScheduler")
    )
    assert ddim.seen.std() == pytest.approx(1, abs=0.2)
    assert euler.seen.std() == pytest.approx(1, abs=0.2)


# Loading


def test_a_pinned_folder_loads(tiny_project, tiny_model, tiny_pipe, tiny_prompt):
    loaded = generate.load(tiny_model, tiny_project, device="cpu")
    assert loaded.unet.dtype == torch.float32
    (*_, one), (*_, two) = (generate.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)


def test_a_folder_elsewhere_loads(tiny_folder, tiny_model, tmp_path):
    assert generate.load(tiny_model, tmp_path, weights=tiny_folder, device="cpu").unet is not None


@pytest.mark.parametrize("pin", [None, "0" * 64])
def test_other_weights_are_refused_with_the_line_to_paste(tiny_project, tiny_model, pin):
    line = f"paste this line there: `revision: {tiny_model.revision}`$"
    with pytest.raises(ModelError, match=line):
        generate.load(replace(tiny_model, revision=pin), tiny_project, device="cpu")


def test_one_altered_byte_of_the_weights_is_another_revision(tiny_project, tiny_model):
    weights = tiny_project / tiny_model.location / "vae" / "diffusion_pytorch_model.safetensors"
    held = weights.read_bytes()
    weights.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(ModelError, match=f"tiny is pinned to {tiny_model.revision}"):
        generate.load(tiny_model, tiny_project, device="cpu")


def test_a_revision_is_of_what_loading_reads(tiny_project, tiny_model):
    folder = tiny_project / tiny_model.location
    (folder / "README.md").write_text("read me")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"never opened")
    assert generate.revision_of(folder) == tiny_model.revision
    (folder / "unet" / "more.json").write_text("{}")
    assert generate.revision_of(folder) != tiny_model.revision


def test_a_file_has_the_revision_that_sha256sum_prints(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert generate.revision_of(tmp_path / "x.safetensors") == expected


def test_pickles_are_refused(tiny_project, tiny_model):
    given = tiny_project / "model.ckpt"
    given.write_bytes(b"anything")
    with pytest.raises(ModelError, match=r"^tiny: model\.ckpt is pickled and never opened; give"):
        generate.load(tiny_model, tiny_project, weights=given, device="cpu")
    unet = tiny_project / tiny_model.location / "unet"
    (unet / "diffusion_pytorch_model.safetensors").rename(unet / "diffusion_pytorch_model.bin")
    with pytest.raises(ModelError, match=r"unet/diffusion_pytorch_model\.bin is pickled"):
        generate.load(tiny_model, tiny_project, device="cpu")


def test_what_is_not_there_is_said(tiny_project, tiny_model):
    with pytest.raises(ModelError, match=r"models/none is not there; make it, or give --weights"):
        generate.load(replace(tiny_model, location="models/none"), tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"no model_index\.json; give a diffusers folder"):
        generate.load(replace(tiny_model, location="sources"), tiny_project, device="cpu")
    with pytest.raises(ModelError, match=r"model_index\.json holds no weights"):
        index = tiny_project / tiny_model.location / "model_index.json"
        generate.load(tiny_model, tiny_project, weights=index, device="cpu")
    with pytest.raises(ModelError, match="its weights are one file; give it with --weights FILE"):
        generate.load(replace(tiny_model, kind="file"), tiny_project, device="cpu")


def test_a_variant_beside_the_weights_is_another_matter(tiny_folder, tmp_path):
    """Caches differ in the variants that they hold; what is loaded, and so the pin, does not."""
    shutil.copytree(tiny_folder, tmp_path / "tiny")
    (tmp_path / "tiny" / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"other")
    assert generate.revision_of(tmp_path / "tiny") == generate.revision_of(tiny_folder)


def test_a_hub_model_loads_from_the_local_cache(tmp_path, tiny_model, tiny_folder, monkeypatch):
    """The cache as the hub's own client lays it out."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    kept, commit = tmp_path / "models--somebody--tiny", "0" * 40
    shutil.copytree(tiny_folder, kept / "snapshots" / commit)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(commit)
    hub = replace(tiny_model, kind="hub", location="somebody/tiny")
    pipe = generate.load(hub, tmp_path, device="cpu")
    assert type(pipe).__name__ == "StableDiffusionPipeline"


def test_a_hub_model_is_only_looked_up_in_the_local_cache(tmp_path, tiny_model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    hub = replace(tiny_model, kind="hub", location="nobody/nothing")
    with pytest.raises(ModelError, match="nobody/nothing is not in the local hub cache; download"):
        generate.load(hub, tmp_path, device="cpu")


def test_a_single_file_loads_in_the_shape_of_another_model(
    tiny_project, tiny_model, tiny_pipe, tiny_prompt
):
    """The layout that models are traded in: one .safetensors file with the original's names."""
    path = tiny_project / "traded.safetensors"
    save_file(original(tiny_pipe), path)
    traded = Model(
        id="traded",
        title="Traded",
        kind="file",
        location="tiny",
        revision=generate.revision_of(path),
        required=False,
        latent_map=tiny_model.latent_map,
    )
    loaded = generate.load(traded, tiny_project, weights=path, device="cpu", shape=tiny_model)
    (*_, one), (*_, two) = (generate.denoise(p, tiny_prompt) for p in (loaded, tiny_pipe))
    assert torch.equal(one.latents, two.latents)
    assert torch.equal(*(generate.decode(p, one.latents) for p in (loaded, tiny_pipe)))


def original(pipe) -> dict[str, torch.Tensor]:
    """A pipeline's weights under the names of the listed repository (08ab4d3)."""
    kinds = (
        (pipe.unet, "model.diffusion_model.", UNET_NAMES),
        (pipe.vae, "first_stage_model.", VAE_NAMES),
        (
            pipe.text_encoder,
            "cond_stage_model.transformer.",
            ((r"^(?!text_model)", "text_model."),),
        ),
    )
    return {
        prefix + renamed(name, names): weights.clone()
        for part, prefix, names in kinds
        for name, weights in part.state_dict().items()
    }


def renamed(name: str, names: tuple) -> str:
    for pattern, to in names:
        name = re.sub(pattern, to, name)
    return name


def at(template: str, number) -> object:
    """A replacement with a computed number in it."""
    return lambda found: template.format(number(*map(int, found.groups())))


UNET_NAMES = (  # one resnet a block, two in up blocks, as the tiny U-Net has
    (r"^conv_in", "input_blocks.0.0"),
    (r"^time_embedding\.linear_1", "time_embed.0"),
    (r"^time_embedding\.linear_2", "time_embed.2"),
    (r"^conv_norm_out", "out.0"),
    (r"^conv_out", "out.2"),
    (r"^down_blocks\.(\d)\.resnets\.(\d)", at("input_blocks.{}.0", lambda i, j: 2 * i + j + 1)),
    (r"^down_blocks\.(\d)\.attentions\.(\d)", at("input_blocks.{}.1", lambda i, j: 2 * i + j + 1)),
    (r"^down_blocks\.(\d)\.downsamplers\.0\.conv", at("input_blocks.{}.0.op", lambda i: 2 * i + 2)),
    (r"^up_blocks\.(\d)\.resnets\.(\d)", at("output_blocks.{}.0", lambda i, j: 2 * i + j)),
    (r"^up_blocks\.(\d)\.attentions\.(\d)", at("output_blocks.{}.1", lambda i, j: 2 * i + j)),
    (r"^up_blocks\.(\d)\.upsamplers\.0", at("output_blocks.{}.1", lambda i: 2 * i + 1)),
    (r"^mid_block\.attentions\.0", "middle_block.1"),
    (r"^mid_block\.resnets\.(\d)", at("middle_block.{}", lambda j: 2 * j)),
    (r"\.norm1(?=\.\w+$)(?<!transformer_blocks\.0\.norm1)", ".in_layers.0"),
    (r"\.conv1", ".in_layers.2"),
    (r"\.norm2(?=\.\w+$)(?<!transformer_blocks\.0\.norm2)", ".out_layers.0"),
    (r"\.conv2", ".out_layers.3"),
    (r"\.time_emb_proj", ".emb_layers.1"),
    (r"\.conv_shortcut", ".skip_connection"),
)
VAE_NAMES = (  # four levels, counted from the picture in both halves
    (r"conv_shortcut", "nin_shortcut"),
    (r"conv_norm_out", "norm_out"),
    (r"down_blocks\.(\d)\.resnets", r"down.\1.block"),
    (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    (r"up_blocks\.(\d)\.resnets", at("up.{}.block", lambda i: 3 - i)),
    (r"up_blocks\.(\d)\.upsamplers\.0", at("up.{}.upsample", lambda i: 3 - i)),
    (r"mid_block\.resnets\.(\d)", at("mid.block_{}", lambda i: i + 1)),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_([qkv])", r"mid.attn_1.\1"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_a_device_that_is_not_there_is_said(tiny_project, tiny_model):
    with pytest.raises(BadInput, match="--device cuda: torch sees no such device here"):
        generate.load(tiny_model, tiny_project, device="cuda")


def test_a_model_that_predicts_otherwise_is_refused(tiny_project, tiny_model):
    config = tiny_project / tiny_model.location / "scheduler" / "scheduler_config.json"
    changed = json.loads(config.read_text()) | {"prediction_type": "v_prediction"}
    config.write_text(json.dumps(changed))
    pinned = replace(tiny_model, revision=generate.revision_of(config.parents[1]))
    with pytest.raises(ModelError, match="predicts v_prediction cannot be captured"):
        generate.load(pinned, tiny_project, device="cpu")


# Words


def test_tokens_are_the_tokenizers_own(tiny_pipe):
    found = generate.tokens(tiny_pipe.tokenizer, "a Red car, red zebra")
    assert [token.text for token in found[1:-1]] == [
        *("a</w>", "red</w>", "car</w>", ",</w>", "red</w>"),
        *("z", "e", "b", "r", "a</w>"),
    ]
    assert [token.word for token in found] == [
        *(START, "a", "Red", "car", ",", "red"),
        *["zebra"] * 5,
        END,
    ]
    assert [token.position for token in found] == list(range(12))


def test_a_repeated_word_is_numbered(tiny_pipe):
    words = [token.word for token in generate.tokens(tiny_pipe.tokenizer, "red car, red, car")]
    assert words == [START, "red", "car", ",", "red (2)", ", (2)", "car (2)", END]
    assert [word for word in words if generate.is_word(word)] == [
        *(START, "red", "car", "red (2)", "car (2)", END)
    ]


def test_the_words_that_fall_off_are_named(tiny_pipe):
    assert generate.words_cut(tiny_pipe.tokenizer, "red " * 75) == ()
    assert generate.words_cut(tiny_pipe.tokenizer, "red " * 74 + "car chrome zebra") == (
        *("chrome", "zebra"),
    )
    assert generate.words_cut(tiny_pipe.tokenizer, "red " * 74 + "zebra") == ("zebra",)


def test_words_that_the_model_never_saw(tiny_pipe, tiny_folder, tmp_path):
    tokens = generate.tokens(tiny_pipe.tokenizer, "a Red zebra, a zebra car, 7")
    assert generate.words_unknown(tiny_folder, tokens) == ("zebra", "7")
    assert generate.words_unknown(tmp_path, tokens) == ()
