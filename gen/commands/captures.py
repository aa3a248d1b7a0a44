"""Commands about captures and the models behind them: status, capture, verify, prune and more."""

import json
import shlex
from collections.abc import Collection
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from gen.commands.progress import Bar
from gen.commands.shared import (
    device_option,
    dtype_option,
    ids_argument,
    jobs_for,
    model_option,
    project,
    threads_option,
    vae_option,
    weights_option,
)
from gen.core.sources import Inputs
from gen.core.status import PromptState, Status


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def status(as_json: bool) -> None:
    """Tells of every prompt's capture, of those that nothing asks for, of stale measurements.

    A capture is fresh, stale (its prompt or model has changed since), missing, broken, or unpinned:
    of a model whose weights sources/models.yml does not pin. Exit 1 if a required one is not fresh.
    """
    from gen.core.status import status as read_status

    states = read_status(*project())
    if as_json:
        rows = [_as_json(state) for state in states.prompts]
        found = {"prompts": rows, "orphans": states.orphans, "measurements": states.measured}
        click.echo(json.dumps(found, indent=1))
    else:
        for state in states.prompts:
            click.echo(_line(state))
        _name_orphans(states)
        for id in states.measured:
            click.echo(f"{id:24}{'measurement':14}{'stale':10}{'-':18}python -m gen measure {id}")
    if states.wrong:
        raise SystemExit(1)


def _name_orphans(states: Status) -> None:
    """A line for each: the prompt, or latent colours, and the model, where that is known."""
    for key, origin in zip(states.orphans, states.origins, strict=True):
        prompt, model = origin or ("-", "-")
        click.echo(f"{prompt:24}{model:14}{'orphan':10}{key}")


def _as_json(state: PromptState) -> dict[str, object]:
    standing = {"key": state.key, "state": state.state, "required": state.required}
    return asdict(state.prompt) | standing


def _line(state: PromptState) -> str:
    prompt, kind = state.prompt, "" if state.required else "optional"
    return f"{prompt.id:24}{prompt.model:14}{state.state:10}{state.key or '-':18}{kind}"


@click.command()
@ids_argument
@model_option
@weights_option
@vae_option
@device_option
@dtype_option
@threads_option
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    help="Prompts through the pipeline at once; on CUDA as many as fit, else one.",
)
@click.option(
    "--compile",
    "compiled",
    is_flag=True,
    help="Compile the networks: minutes at first, quicker for many.",
)
@click.option("--force", is_flag=True, help="Make again what is fresh, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
def capture(
    ids: tuple[str, ...],
    model: str | None,
    weights: Path | None,
    vae: Path | None,
    device: str | None,
    dtype: str | None,
    threads: int | None,
    batch: int | None,
    compiled: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Makes the captures that are not fresh; goes on where it was stopped.

    IDs are those that `status` lists; without any, all of the model.
    """
    root, inputs = project()
    jobs = jobs_for(inputs, ids, model, weights or vae)
    from gen.capture import doctor, plan
    from gen.capture.batch import capture_all, set_threads, to_make
    from gen.capture.making import Job
    from gen.capture.processes import Processes
    from gen.capture.weights import Choice, opener

    pipe_of = opener(root, Choice(weights, vae, device, dtype, compiled))
    processes = Processes()
    set_threads(threads)

    def look() -> tuple[Job, ...]:
        if dry_run:
            for line in doctor.machine(root):
                click.echo(line)
            asked = doctor.loading(root, jobs, pipe_of, weights, force, click.echo)
        else:
            asked = to_make(root, jobs, pipe_of, force)
        tell = partial(click.echo, err=True)
        planned = plan.plan(root, jobs, pipe_of, force, tell, batch, todo=asked)
        click.echo(planned.told(processes.count), err=not dry_run)
        return planned.jobs

    todo = processes.once(look)
    if not dry_run:
        with Bar(processes.first, len(todo), alone=processes.count == 1) as bar:
            made = capture_all(root, jobs, pipe_of, bar, force=force, prompts=batch, todo=todo)
        if processes.first:
            fresh = {p.pinned_key(m) for p, m in jobs} - {p.pinned_key(m) for p, m in todo}
            _name_next(root, inputs, fresh.union(made))


def _name_next(root: Path, inputs: Inputs, sound: Collection[str]) -> None:
    """What is to be measured again, now that there are other captures; `sound` are known to be."""
    from gen.core.status import measured_of_others

    if ids := measured_of_others(root, inputs, sound):
        named = " ".join(ids)
        click.echo(
            f"{named}: measured of other captures or weights; run python -m gen measure {named}",
            err=True,
        )


@click.command()
@click.option("--model", help="Only this model; without it, all.")
@weights_option
@vae_option
@device_option
@dtype_option
def doctor(
    model: str | None, weights: Path | None, vae: Path | None, device: str | None, dtype: str | None
) -> None:
    """Says what this machine has for captures, which models load, and what is left to make.

    Exit 1 if a required model does not load, or one whose weights are given.
    """
    root, inputs = project()
    if model is not None or weights or vae:
        jobs_for(inputs, (), model, weights or vae)  # refuses a model that is not there
    from gen.capture import doctor
    from gen.capture.weights import Choice, opener

    pipe_of = opener(root, Choice(weights, vae, device, dtype))
    for line in doctor.machine(root):
        click.echo(line)
    asked = [one for one in inputs.models if model in (None, one.id)]
    tell, given = partial(click.echo, err=True), bool(weights or vae)
    for line in doctor.models(root, asked, inputs.prompts, pipe_of, weights, tell, given):
        click.echo(line)


@click.command()
@ids_argument
@model_option
@weights_option
@vae_option
@device_option
@dtype_option
@threads_option
def verify(
    ids: tuple[str, ...],
    model: str | None,
    weights: Path | None,
    vae: Path | None,
    device: str | None,
    dtype: str | None,
    threads: int | None,
) -> None:
    """Makes captures again and says how far they are from the kept ones; keeps nothing.

    IDs are those that `status` lists; without any, all of the model. Exit 1 if one is too far.
    """
    root, inputs = project()
    jobs = jobs_for(inputs, ids, model, weights or vae)
    from gen.capture import verify
    from gen.capture.batch import set_threads
    from gen.capture.events import CaptureEvent
    from gen.capture.weights import Choice, opener

    pipe_of = opener(root, Choice(weights, vae, device, dtype))
    chosen = {"--weights": weights, "--vae": vae, "--device": device, "--dtype": dtype}
    options = " ".join(f"{name} {shlex.quote(str(x))}" for name, x in chosen.items() if x)
    set_threads(threads)
    planned = verify.planned(root, jobs, pipe_of, partial(click.echo, err=True), options)
    click.echo(planned.again, err=True)
    with Bar(of=len(planned.jobs)) as bar:

        def report(one: verify.Difference) -> None:
            bar(CaptureEvent(one.id, "compared", message=one.text))

        verify.verify(root, jobs, pipe_of, report, options=options, tell=bar)


@click.command()
def blueprints() -> None:
    """Works out what runs in models that come as one file, for their diagrams; needs no weights."""
    root, inputs = project()
    from gen.capture import blueprints

    for line in blueprints.draw_all(root, inputs):
        click.echo(line)


@click.command()
@click.option("--yes", is_flag=True, help="Remove them without asking.")
def prune(yes: bool) -> None:
    """Lists, then removes the captures that nothing asks for."""
    from gen.core import store
    from gen.core.status import status as read_status

    root, inputs = project()
    states = read_status(root, inputs)
    _name_orphans(states)
    names = states.orphans
    if names and (yes or click.confirm(f"Remove {len(names)} from docs/captures?", err=True)):
        for name in names:
            store.remove(root, name)
