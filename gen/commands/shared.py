"""What commands share: arguments and options, the project, the prompts that are meant."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from gen.core.errors import BadInput
from gen.core.inputs import read
from gen.core.sources import Inputs, Model, Prompt
from gen.core.yamlfile import nearest

ids_argument = click.argument("ids", nargs=-1, metavar="[ID]…")
threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="CPU threads, else as many as torch takes; the same number gives the same bytes.",
)
device_option = click.option(
    "--device",
    help="cpu, cuda, cuda:1, mps, gpu …; without it, CUDA if there is one, else the CPU.",
)
weights_option = click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="A diffusers folder or one .safetensors file, else where sources/models.yml says; its "
    "digest must be the one there.",
)
vae_option = click.option(
    "--vae",
    type=click.Path(path_type=Path),
    help="A .safetensors file in place of the weights' own VAE; pinned there as `vae`.",
)
dtype_option = click.option(
    "--dtype",
    type=click.Choice(["float32", "float16", "bfloat16"]),
    help="Number format; without it, float16 on CUDA, else float32.",
)
minutes_option = click.option(
    "--minutes",
    type=click.FloatRange(min=0),
    help="From now; without it and --steps, until Ctrl-C, which leaves out --to.",
)
steps_option = click.option("--steps", type=click.IntRange(min=1), help="Until so many in all.")
model_option = click.option("--model", help="Of sources/models.yml; without it, the required ones.")


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
    wanted = _wanted(inputs, model)
    prompts = [prompt for prompt in inputs.prompts if prompt.model in wanted]
    known = [prompt.id for prompt in prompts]
    for id in ids:
        if id not in known:
            raise BadInput(f"{id}: no prompt of that id; {_meant(inputs, id, known)}")
    return [(p, models[p.model]) for p in prompts if not ids or p.id in ids]


def _meant(inputs: Inputs, id: str, known: Sequence[str]) -> str:
    """The next move where an id is not known: another model, a comparison's ids, the nearest."""
    others = dict.fromkeys(prompt.model for prompt in inputs.prompts if prompt.id == id)
    if others:
        return f"it is asked of {' and '.join(others)} alone: give --model {next(iter(others))}"
    compared = re.compile(re.escape(re.sub(r"-\d+$", "", id)) + r"-\d+")
    values = [one for one in known if compared.fullmatch(one)]
    return f"of its comparison there are {', '.join(values)}" if values else nearest(id, known)


def _wanted(inputs: Inputs, model: str | None) -> set[str]:
    """The ids of the models that are meant."""
    if model is None:
        return {m.id for m in inputs.models if m.required}
    known = {m.id for m in inputs.models}
    if model not in known:
        raise BadInput(f"--model: no model {model}; {nearest(model, known)}")
    return {model}
