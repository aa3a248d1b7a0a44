"""What commands share: arguments and options, the project, bars and lines while they work."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from gen.core.counting import Counting
from gen.core.errors import BadInput
from gen.core.inputs import read
from gen.core.sources import Inputs, Model, Prompt
from gen.core.yamlfile import nearest

ids_argument = click.argument("ids", nargs=-1, metavar="[ID]…")
threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="CPU threads; the same number gives the same bytes.",
)
device_option = click.option(
    "--device", help="cpu, cuda, cuda:1, mps, gpu …; CUDA is taken if there is one."
)
weights_option = click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="A diffusers folder or one .safetensors file; its digest must be the one in models.yml.",
)
vae_option = click.option(
    "--vae",
    type=click.Path(path_type=Path),
    help="A .safetensors file in place of the weights' own VAE; pinned in models.yml as `vae`.",
)
dtype_option = click.option(
    "--dtype",
    type=click.Choice(["float32", "float16", "bfloat16"]),
    help="Number format; half precision on CUDA, else single.",
)
minutes_option = click.option(
    "--minutes",
    type=click.FloatRange(min=0),
    help="From now; without it and --steps, until Ctrl-C, which leaves out --to.",
)
steps_option = click.option("--steps", type=click.IntRange(min=1), help="Until so many in all.")
model_option = click.option("--model", help="Only prompts of this model.")


def project() -> tuple[Path, Inputs]:
    """The project in this folder or above it, and its inputs."""
    here = Path.cwd()
    for root in (here, *here.parents):
        if (root / "sources" / "prompts.yml").is_file():
            return root, read(root)
    raise BadInput(
        f"{here}: no sources/prompts.yml here or above; run this in the project's folder"
    )


def jobs_for(
    inputs: Inputs, ids: Sequence[str], model: str | None, weights: Path | None
) -> list[tuple[Prompt, Model]]:
    """The prompts of these ids with their models: the required ones unless told otherwise.

    Raises BadInput for a model or a prompt that is not there.
    """
    models = {m.id: m for m in inputs.models}
    if weights is not None and model is None:
        raise BadInput(f"{weights}: for which model? add --model ID")
    prompts = [prompt for prompt in inputs.prompts if prompt.model in _wanted(inputs, model)]
    known = {prompt.id for prompt in prompts}
    for id in ids:
        if id not in known:
            raise BadInput(f"{id}: no prompt of that id; {nearest(id, known)}")
    return [(p, models[p.model]) for p in prompts if not ids or p.id in ids]


def _wanted(inputs: Inputs, model: str | None) -> set[str]:
    """The ids of the models that are meant."""
    if model is None:
        return {m.id for m in inputs.models if m.required}
    known = {m.id for m in inputs.models}
    if model not in known:
        raise BadInput(f"--model: no model {model}; {nearest(model, known)}")
    return {model}


def counting_bar() -> Counting:
    """Things counted, as a bar on stderr."""
    from tqdm import tqdm

    bars: list[tqdm] = []  # one, once something is counted

    def count(what: str, done: int, of: int) -> None:
        if not bars:
            bars.append(tqdm(desc=what, total=of, file=sys.stderr, leave=False))
        elif bars[0].desc != f"{what}: ":
            bars[0].reset(of)
            bars[0].set_description(what, refresh=False)
        bars[0].update(done - bars[0].n)

    return count


def say(stage: str, message: str) -> None:
    """A line with the time of day, on stderr."""
    click.echo(f"{time.strftime('%H:%M:%S')} {stage} {message}", err=True)
