"""Commands that measure: measure, pick."""

from pathlib import Path

import click

from gen.commands.progress import counting_bar, print_line
from gen.commands.shared import (
    device_option,
    dtype_option,
    ids_argument,
    jobs_for,
    project,
    vae_option,
    weights_option,
)
from gen.core.disk import put, refuse_no_place, user_cache, writing
from gen.core.errors import BadInput
from gen.core.schema import Words
from gen.core.sources import STUDY
from gen.core.yamlfile import checked

MOST = 64  # candidates
HIGHEST = 2**63 - MOST  # a first seed: the last one, too, is what torch.Generator takes


@click.command()
@ids_argument
@device_option
@click.option("--force", is_flag=True, help="Make again what is up to date, too.")
def measure(ids: tuple[str, ...], device: str | None, force: bool) -> None:
    """Makes the measurements that are not up to date; says what the others are waiting for.

    IDs are the names in docs/measurements; without any, all.
    """
    root, inputs = project()
    from gen.measure.kit.project import Project
    from gen.measure.runner import measure_all

    with counting_bar() as count:
        measure_all(Project(root, user_cache(), inputs, count, device), ids, print_line, force)


@click.command()
@click.argument("text", metavar="PROMPT")
@click.option(
    *("-n", "count"),
    metavar="COUNT",
    type=click.IntRange(min=2, max=MOST),
    default=16,
    show_default=True,
    help="How many.",
)
@click.option("--model", help="Of sources/models.yml; study, unless weights are given.")
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=HIGHEST),
    default=1,
    show_default=True,
    help="Of the first picture; the others' follow.",
)
@weights_option
@vae_option
@device_option
@dtype_option
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default="pick.png",
    show_default=True,
    help="The contact sheet, the best first.",
)
def pick(
    text: str,
    count: int,
    model: str | None,
    seed: int,
    weights: Path | None,
    vae: Path | None,
    device: str | None,
    dtype: str | None,
    to: Path,
) -> None:
    """Makes COUNT pictures of a prompt, scores them and shows the best first."""
    root, inputs = project()
    checked("PROMPT", Words, text)
    given = weights or vae
    model = model or (None if given else STUDY)  # weights are another model's, by default
    jobs = jobs_for(inputs, (), model, given)
    if not jobs:
        raise BadInput(f"--model: no prompt of {model} in sources/prompts.yml; add one there")
    refuse_no_place(to)
    prompt, chosen = jobs[0]  # its words and noise are replaced, the model's defaults stay
    from gen import pick as picking
    from gen.capture.weights import Choice, opener

    pipe = opener(root, Choice(weights, vae, device, dtype))(chosen)
    candidates = picking.candidates(prompt, text, seed, count)
    score, without = picking.judges_for(root, chosen, text)
    with counting_bar() as report:
        picked = picking.pick(pipe, candidates, score, report)
    with writing(to):
        put(to, picking.sheet(picked, chosen.title, text))
    for place, at in enumerate(picked.order, 1):
        click.echo(f"{place:3}  seed {candidates[at].seed}  {picked.scores[at]:.4f}")
    reason = f"; the judges stay out: {without}" if without else ""
    click.echo(f"{to}: scored by {picked.how}{reason}", err=True)
