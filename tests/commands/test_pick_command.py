"""gen pick on a tiny project: what it takes, and what it refuses before it paints."""

import copy
import io
from pathlib import Path

import click
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen import pick as scoring  # noqa: E402
from gen.__main__ import main  # noqa: E402
from gen.core.errors import BadInput, ModelError  # noqa: E402

ROOT = Path(__file__).parents[2]


def pick(*words: str) -> None:
    """A command, in this process."""
    main.main(["pick", "a red car", "-n", "2", *words], standalone_mode=False)


def test_the_sheet_is_put_in_its_place_whole(project, capsys):
    pick("--model", "tiny", "--dtype", "float32", "--to", "sheet.png")
    assert Image.open(io.BytesIO((project / "sheet.png").read_bytes())).format == "PNG"
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert not list(project.glob(".*.part"))


@pytest.mark.parametrize(
    ("to", "why"), [("out/p.png", "out is no folder; make it"), ("sources", "is a folder; name")]
)
def test_a_sheet_without_a_place_is_refused_before_weights_are_opened(project, to, why):
    with pytest.raises(BadInput, match=why):
        pick("--model", "tiny", "--weights", "nowhere", "--to", to)


def test_the_sheet_that_nobody_named_is_no_part_of_the_checkout():
    (to,) = (option.default for option in main.commands["pick"].params if option.name == "to")
    assert to in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_weights_are_asked_whose_they_are(project):
    for option in ("--weights", "--vae"):
        with pytest.raises(BadInput, match=r"^w\.safetensors: for which model"):
            pick(option, "w.safetensors")
    with pytest.raises(BadInput, match=r"^--model: no model study"):  # the default without them
        pick()


def test_a_vae_of_its_own_is_taken_as_capture_takes_it(project):
    vae = project / "sources/models/tiny/vae/diffusion_pytorch_model.safetensors"
    with pytest.raises(ModelError, match=r"not pinned.*`vae: [0-9a-f]{64}`"):
        pick("--model", "tiny", "--vae", str(vae))


def test_a_seed_is_one_that_noise_is_drawn_from_for_every_candidate(project):
    for seed in (2**64, 2**63 - 63):
        with pytest.raises(click.BadParameter, match="not in the range"):
            pick("--model", "tiny", "--seed", str(seed))
    pick("--model", "tiny", "--seed", str(2**63 - 64), "--to", "last.png")
    assert (project / "last.png").is_file()


def test_a_score_in_half_precision_is_as_fine_as_in_single(tiny_pipe, tiny_prompt):
    """What the network said is the same; a sum in its own format would tie near candidates."""
    half, said = copy.deepcopy(tiny_pipe).to(torch.bfloat16), []
    half.unet.register_forward_hook(lambda unet, given, gives: said.append(gives.sample.float()))
    latents = torch.randn(1, 4, 6, 8, generator=torch.Generator().manual_seed(1)).bfloat16()
    score = scoring.own_score(half, tiny_prompt, latents)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
    noise = noise.bfloat16().float()
    without, with_ = torch.stack([(eps - noise).square().mean((1, 2, 3)) for eps in said]).T
    assert score == pytest.approx(float((without - with_).mean()), abs=1e-6)
