"""python -m gen: the commands. No logic here; a command imports what it alone needs."""

import functools
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from gen.core import inputs
from gen.core.errors import BadInput, BuildError
from gen.core.records import Inputs, Model, Prompt

ids_argument = click.argument("ids", nargs=-1, metavar="[ID]…")
threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="CPU threads; the same number gives the same bytes.",
)
device_option = click.option(
    "--device", help="cpu, cuda, cuda:1 …; the GPU is taken if there is one."
)
weights_option = click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="A diffusers folder or one .safetensors file; its digest must be the one in models.yml.",
)
minutes_option = click.option(
    "--minutes", type=click.FloatRange(min=0), help="From now; without it, until stopped."
)
steps_option = click.option("--steps", type=click.IntRange(min=1), help="In all.")
model_option = click.option("--model", help="Only prompts of this model.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """How AI paints chrome: captures and checks for the site. Run in the project's folder."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Every prompt x model, and orphans. Exit 1 if a required capture is not fresh."""
    from gen.core.status import status as read_status

    root, given = _project()
    found = read_status(root, given)
    if as_json:
        rows = [asdict(row.prompt) | _state(row) for row in found.rows]
        click.echo(json.dumps({"prompts": rows, "orphans": found.orphans}, indent=1))
    else:
        for row in found.rows:
            kind = "" if row.required else "optional"
            click.echo(
                f"{row.prompt.id:24}{row.prompt.model:14}{row.state:10}{row.key or '-':18}{kind}"
            )
        for key in found.orphans:
            click.echo(f"{'-':24}{'-':14}{'orphan':10}{key}")
    if found.wrong:
        raise SystemExit(1)


@main.command()
@ids_argument
@model_option
@weights_option
@device_option
@threads_option
@click.option("--force", is_flag=True, help="Also what is fresh.")
def capture(ids, model, weights, device, threads, force) -> None:
    """Makes the captures that are not fresh; goes on where it was stopped."""
    root, given = _project()
    jobs = _jobs(given, ids, model, weights)
    from gen.capture import one as making

    making.capture_all(
        root, jobs, _pipelines(root, given, weights, device), _bar(), force=force, threads=threads
    )


@main.command()
@ids_argument
@model_option
@weights_option
@device_option
@threads_option
def verify(ids, model, weights, device, threads) -> None:
    """Makes captures again and says how far they are from the kept ones."""
    root, given = _project()
    jobs = _jobs(given, ids, model, weights)
    from gen.capture import one as making

    pipelines = _pipelines(root, given, weights, device)
    making.verify(root, jobs, pipelines, lambda found: click.echo(found.text), threads=threads)


@main.command()
@click.option("--clone", type=click.Path(path_type=Path), help="A clone of the cited repository.")
def check(clone: Path | None) -> None:
    """Facts against a clone of the cited repository; links of the built site."""
    from gen.publish import citations as checking

    root, given = _project()
    if clone:
        for source in given.sources:
            if source.kind == "github":
                count = checking.check_clone(source, clone)
                click.echo(f"{source.id}: {count} facts stand where they are said to")
    pages = checking.check_site(root / "site", given.sources)
    click.echo(f"site: {pages} pages, every link allowed and alive")


@main.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(yes: bool) -> None:
    """Lists, then removes the captures that nothing asks for."""
    from gen.core import store
    from gen.core.status import orphans

    root, given = _project()
    names = orphans(root, given)
    for name in names:
        click.echo(name)
    if names and (yes or click.confirm(f"Remove {len(names)} from docs/captures?", err=True)):
        for name in names:
            store.remove(root, name)


@main.command()
@ids_argument
@device_option
@click.option("--force", is_flag=True, help="Also what is up to date.")
def measure(ids, device, force) -> None:
    """Makes the measurements that are not up to date; says what the others are waiting for."""
    root, given = _project()
    from gen.measure.kit.project import Given
    from gen.measure.runner import measure_all

    measure_all(Given(root, _cache(), given, _counted(), device), ids, click.echo, force)


@main.command()
@click.argument("text", metavar="PROMPT")
@click.option("-n", "count", type=click.IntRange(min=2, max=64), default=16, show_default=True)
@click.option("--model", default="study", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, help="Of the first candidate.")
@weights_option
@device_option
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default="pick.png",
    show_default=True,
    help="The contact sheet, the best first.",
)
def pick(text, count, model, seed, weights, device, to) -> None:
    """Makes COUNT pictures of a prompt, scores them and shows the best first."""
    root, given = _project()
    jobs = _jobs(given, (), model, weights)
    if not jobs:
        raise BadInput(f"--model: no prompt of {model} in sources/prompts.yml; add one there")
    prompt, chosen = jobs[0]  # its words and noise are replaced, the model's defaults stay
    from gen import pick as picking

    pipe = _pipelines(root, given, weights, device)(chosen)
    asked = picking.candidates(prompt, text, seed, count)
    picked = picking.pick(pipe, asked, picking.judges_for(root, _cache(), chosen, text), _counted())
    to.write_bytes(picking.sheet(picked, chosen.title, text))
    for place, at in enumerate(picked.order, 1):
        click.echo(f"{place:3}  seed {asked[at].seed}  {picked.scores[at]:.4f}")
    click.echo(f"{to}: scored by {picked.how}", err=True)


@main.group()
def study() -> None:
    """The study model from nothing: its renders and its training, kept in the user's cache."""


@study.command()
@click.argument("first", type=click.IntRange(min=0))
@click.argument("count", type=click.IntRange(min=1))
@click.option("--held-out", is_flag=True, help="Only combinations that training never sees.")
def render(first: int, count: int, held_out: bool) -> None:
    """Renders COUNT seeds from FIRST on, in shards; skips those that are there."""
    from gen.study.world import scene, shards

    root, _ = _project()
    recipe = scene.read_recipe(root / "sources" / "study.yml")
    out = _cache() / "renders" / ("held-out" if held_out else "")
    for path in shards.render_range(recipe, out, first, count, held_out):
        click.echo(path.name)


@study.command()
@ids_argument
@click.option("--force", is_flag=True, help="Also what is up to date.")
def reference(ids, force) -> None:
    """Path-traces what the words of ideas describe; without IDS, what is kept and out of date."""
    from gen.core import store
    from gen.study.world import reference as referring
    from gen.study.world import scene

    root, given = _project()
    recipe = scene.read_recipe(root / "sources" / "study.yml")
    kept = store.references(root)
    if not ids and not kept:
        raise BadInput("no reference is kept yet; name the ideas that shall have one")
    for prompt, _ in _jobs(given, ids or kept, "study", None):
        key = referring.key(prompt.text, recipe)
        if force or prompt.id not in kept or store.read_reference(root, prompt.id).key != key:
            store.write_reference(root, *referring.make(prompt.id, prompt.text, recipe))
            click.echo(prompt.id)


@study.command()
@click.argument("stage", type=click.Choice(["autoencoder", "pipeline", "decoder"]))
@minutes_option
@steps_option
@click.option("--from", "start", type=click.Path(path_type=Path), help="Weights to begin with.")
@click.option(
    "--to", type=click.Path(path_type=Path), help="Where to save the pipeline after that."
)
@click.option(
    "--packed", type=click.Path(path_type=Path), help="Learn from this pack, without renders."
)
@click.option("--batch", type=click.IntRange(min=1), help="Pictures a step, of each process.")
def train(
    stage: str,
    minutes: float | None,
    steps: int | None,
    start: Path | None,
    to: Path | None,
    packed: Path | None,
    batch: int | None,
) -> None:
    """Trains one stage on the renders; goes on from its checkpoint."""
    from gen.study.training import train as training

    root, _ = _project()
    recipe = training.read_recipe(root / "sources" / "study.yml").with_batch(stage, batch)
    training.train(
        stage,
        recipe,
        _cache() / "renders",
        _cache() / "train",
        _clocked(stage),
        minutes=minutes,
        steps=steps,
        start=start,
        packed=packed,
    )
    if to:
        training.save(recipe, _cache() / "train", to)


@study.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "start", type=click.Path(path_type=Path), help="Whose autoencoder to use.")
def pack(folder: Path, start: Path | None) -> None:
    """Writes all that text encoder and U-Net learn from into FOLDER: for a GPU elsewhere."""
    from gen.study.training import train as training

    root, _ = _project()
    recipe = training.read_recipe(root / "sources" / "study.yml")
    training.write_pack(recipe, _cache() / "renders", _cache() / "train", folder, start)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    click.echo(f"{folder}: {size / 1e6:.1f} MB")


@study.command()
@click.argument("which", type=click.Choice(["choosing", "judging"]))
@minutes_option
@steps_option
@click.option(
    "--pipeline", type=click.Path(path_type=Path), help="See renders through its VAE too."
)
@click.option("--to", type=click.Path(path_type=Path), help="Where to save the set after that.")
def judge(which: str, minutes, steps, pipeline, to) -> None:
    """Trains one set of judges on the renders; goes on from its checkpoint."""
    from gen.study.judging import judges
    from gen.study.judging import training as judge_stage

    root, _ = _project()
    recipe = judges.read_recipe(root / "sources" / "study.yml")
    renders, work = _cache() / "renders", _cache() / "train"
    judge_stage.train_judges(
        recipe,
        renders,
        work,
        which,
        _clocked(which),
        minutes=minutes,
        steps=steps,
        pipeline=pipeline,
    )
    if to:
        judge_stage.save(recipe, renders, work, which, to)


@study.command()
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="Another pipeline's folder, for one row."
)
@click.option("--judges", type=click.Path(path_type=Path), help="Instead of sources/models/judges.")
@device_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def score(baseline: Path | None, judges: Path | None, device: str | None, as_json: bool) -> None:
    """Makes the samples of the study model, has them judged and keeps the table beside it."""
    from gen.study.scoring import score as scoring
    from gen.study.scoring import table as score_table

    root, _ = _project()
    recipe = scoring.read_recipe(root / "sources" / "study.yml")
    models = root / "sources" / "models"
    kept = models / "study" / "score.json"
    judged_by = judges or models / "judges"
    report = _clocked("score")
    found = scoring.score(recipe, kept.parent, judged_by, _cache(), report, baseline, device)
    score_table.write(kept, found)
    click.echo(kept.read_text("utf-8").rstrip() if as_json else score_table.text(found))


@study.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="Where; else beside the folder.")
def blind(folder: Path, key: Path | None) -> None:
    """Writes painted and rendered pictures into FOLDER, shuffled, and apart from them the key."""
    from gen.study.scoring import blind as testing
    from gen.study.scoring import samples
    from gen.study.scoring import score as scoring

    root, _ = _project()
    recipe = scoring.read_recipe(root / "sources" / "study.yml")
    model = root / "sources" / "models" / "study"
    request = samples.Request(recipe.render, recipe.score, model, count=2 * testing.EACH)
    key = key or folder.with_name(f"{folder.name}-key.json")
    testing.write(samples.read(request, _cache() / "samples"), folder, key)
    click.echo(f"{2 * testing.EACH} pictures in {folder}, the key in {key}")


def _cache() -> Path:
    """Where renders and checkpoints lie: long work, outside the checkout."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shiny-car"


def _clocked(stage: str):
    """A report that prints each message with the time of day, on stderr."""

    def report(progress) -> None:
        click.echo(f"{time.strftime('%H:%M:%S')} {stage} {progress.message}", err=True)

    return report


def _project() -> tuple[Path, Inputs]:
    """The project in this folder or above it, and its inputs."""
    here = Path.cwd()
    for root in (here, *here.parents):
        if (root / "sources" / "prompts.yml").is_file():
            return root, inputs.read(root)
    raise BadInput(
        f"{here}: no sources/prompts.yml here or above; run this in the project's folder"
    )


def _state(row) -> dict:
    return {"key": row.key, "state": row.state, "required": row.required}


def _jobs(given: Inputs, ids, model: str | None, weights) -> list[tuple[Prompt, Model]]:
    """The asked prompts with their models: the required ones unless told otherwise."""
    models = {m.id: m for m in given.models}
    if model is not None and model not in models:
        raise BadInput(f"--model: no model {model}; {inputs.nearest(model, models)}")
    if weights is not None and model is None:
        raise BadInput(f"--weights: {weights}: for which model? add --model ID")
    wanted = {model} if model else {m.id for m in given.models if m.required}
    prompts = [prompt for prompt in given.prompts if prompt.model in wanted]
    known = {prompt.id for prompt in prompts}
    for id in ids:
        if id not in known:
            raise BadInput(f"{id}: no prompt of that id; {inputs.nearest(id, known)}")
    return [(p, models[p.model]) for p in prompts if not ids or p.id in ids]


def _pipelines(root: Path, given: Inputs, weights, device):
    """Model -> its pipeline, loaded when first asked for."""
    from gen.capture import denoise as generate

    @functools.cache
    def pipe_of(model: Model):
        shape = given.model(model.location) if model.kind == "file" else None
        return generate.load(model, root, weights, device=device, shape=shape)

    return pipe_of


def _bar():
    """A progress bar and warnings on stderr; captures that are made are named on stdout."""
    from tqdm import tqdm

    bar = tqdm(file=sys.stderr, unit="step", leave=False)

    def report(progress) -> None:
        if progress.kind == "step":
            if progress.step == 1:
                bar.reset(progress.steps)
                bar.set_description(progress.id, refresh=False)
            bar.update(progress.step - bar.n)
        elif progress.kind != "fresh":
            out = sys.stdout if progress.kind == "made" else sys.stderr
            bar.write(progress.message, file=out)

    return report


def _counted():
    """A report of things counted, as a bar on stderr."""
    from tqdm import tqdm

    bar = tqdm(file=sys.stderr, leave=False)

    def report(what: str, done: int, of: int) -> None:
        if bar.desc != f"{what}: ":
            bar.reset(of)
            bar.set_description(what, refresh=False)
        bar.update(done - bar.n)

    return report


def run() -> None:
    """The command line; a BuildError is one line on stderr and exit code 1."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # weights are looked up here, never fetched
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads leave the cores to others
    try:
        main(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BuildError as error:
        click.echo(error, err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
