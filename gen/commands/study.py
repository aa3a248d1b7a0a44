"""Commands of the study model, from its renders to its score: python -m gen study NAME."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from gen.commands.progress import say
from gen.commands.shared import (
    device_option,
    ids_argument,
    jobs_for,
    minutes_option,
    project,
    steps_option,
)
from gen.core.counting import Counting
from gen.core.disk import refuse_unwritable, user_cache
from gen.core.sources import STUDY
from gen.study.recipe.stages import STAGES, Which

if TYPE_CHECKING:  # only these commands need the train install
    from gen.study.recipe.whole import Recipe


@click.group()
def study() -> None:
    """The study model from nothing: its renders and its training, kept in the user's cache."""


def _recipe(root: Path) -> "Recipe":
    from gen.study.recipe.whole import read_recipe

    return read_recipe(root / "sources" / "study.yml")


@study.command()
@click.argument("first", type=click.IntRange(min=0))
@click.argument("count", type=click.IntRange(min=1))
@click.option("--held-out", is_flag=True, help="Only combinations that training never sees.")
@click.option("--apart", is_flag=True, help="Other seeds, of which only judges apart learn.")
def render(first: int, count: int, held_out: bool, apart: bool) -> None:
    """Renders COUNT seeds from FIRST on, in shards; skips those that are there."""
    from gen.study.world import shards

    root, _ = project()
    if held_out and apart:
        raise click.UsageError("--held-out and --apart: give one of them")
    recipe = _recipe(root).render
    out = user_cache() / "renders" / ("held-out" if held_out else "apart" if apart else "")
    begin = first + shards.APART * apart
    for path in shards.render_range(recipe, out, begin, count, held_out):
        click.echo(path.name)


@study.command()
@click.argument("first", type=click.IntRange(min=0))
@click.argument("count", type=click.IntRange(min=1))
def layouts(first: int, count: int) -> None:
    """Keeps how cars lie in the pictures of COUNT seeds from FIRST on, by which to choose."""
    from gen.study.scoring import layouts as lying

    root, _ = project()
    refuse_unwritable(lying.place(root).parent)
    found = lying.draw(_recipe(root), user_cache(), first, count, _counted("layouts"))
    lying.write(root, found)
    click.echo(f"{lying.place(root).name}: {found.count} seeds")


@study.command()
@ids_argument
@click.option("--force", is_flag=True, help="Also what is up to date.")
def reference(ids: tuple[str, ...], force: bool) -> None:
    """Path-traces what the words of ideas describe; without IDs, what is kept and out of date."""
    from gen.study.world import reference as referring

    root, inputs = project()
    recipe = _recipe(root).render
    wanted = ids or referring.known(root)
    prompts = [prompt for prompt, _ in jobs_for(inputs, wanted, STUDY, None)]
    for id in referring.bring_up_to_date(root, prompts, recipe, force):
        click.echo(id)


@study.command()
@click.option("--force", is_flag=True, help="Also if it is up to date.")
def stage(force: bool) -> None:
    """Path-traces the picture that opens the site; takes minutes."""
    from gen.study.world import staged

    root, _ = project()
    for id in staged.bring_up_to_date(root, _recipe(root).render, force):
        click.echo(id)


@study.command()
@click.argument("stage", type=click.Choice(tuple(STAGES)))
@minutes_option
@steps_option
@click.option(
    "--from", "start", type=click.Path(path_type=Path), help="A pipeline's folder to begin with."
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="Where to save the pipeline after that."
)
@click.option(
    "--packed", type=click.Path(path_type=Path), help="Learn from this pack, without renders."
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    help="Pictures a step, of each process; without it, as sources/study.yml says.",
)
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
    from gen.study.training.start import check_saving

    root, _ = project()
    work = user_cache() / "train"
    if to:
        training.SAVED.refuse_other(to)
        check_saving(stage, work, start)
    recipe = _recipe(root).with_batch(stage, batch)
    training.train(
        stage,
        recipe,
        user_cache() / "renders",
        work,
        lambda progress: say(stage, progress.message),
        minutes=minutes,
        steps=steps,
        start=start,
        packed=packed,
    )
    if to:
        training.save(recipe, work, to, start)


@study.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "start",
    type=click.Path(path_type=Path),
    help="A pipeline's folder whose autoencoder to use, instead of the one trained here.",
)
def pack(folder: Path, start: Path | None) -> None:
    """Writes all that text encoder and U-Net learn from into FOLDER: for a GPU elsewhere."""
    from gen.study.training import pack as packing
    from gen.study.training import train as training

    root, _ = project()
    packing.PACK.refuse_other(folder)
    recipe = _recipe(root)
    training.write_pack(recipe, user_cache() / "renders", user_cache() / "train", folder, start)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    click.echo(f"{folder}: {size / 1e6:.1f} MB")


@study.command()
@click.argument("which", type=click.Choice(get_args(Which)))
@minutes_option
@steps_option
@click.option(
    "--from", "start", type=click.Path(path_type=Path), help="A folder of judges to begin with."
)
@click.option(
    "--pipeline",
    type=click.Path(path_type=Path),
    help="A pipeline's folder: learn from renders as its VAE gives them back, too.",
)
@click.option("--to", type=click.Path(path_type=Path), help="Where to save the set after that.")
def judge(
    which: Which,
    minutes: float | None,
    steps: int | None,
    start: Path | None,
    pipeline: Path | None,
    to: Path | None,
) -> None:
    """Trains one set of judges on the renders; goes on from its checkpoint."""
    from gen.study.judging import training

    root, _ = project()
    if to:
        training.KEPT.refuse_other(to)
    recipe = _recipe(root)
    renders, work = user_cache() / "renders", user_cache() / "train"
    training.train_judges(
        recipe,
        renders,
        work,
        which,
        lambda progress: say(which, progress.message),
        minutes=minutes,
        steps=steps,
        start=start,
        pipeline=pipeline,
    )
    if to:
        training.save(recipe, renders, work, which, to)


@study.command()
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="Another pipeline's folder, for one row."
)
@click.option(
    "--judges",
    type=click.Path(path_type=Path),
    help="Their folder, instead of sources/models/judges.",
)
@device_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def score(baseline: Path | None, judges: Path | None, device: str | None, as_json: bool) -> None:
    """Makes the samples of the study model, has them judged and keeps the table beside it."""
    from gen.study.scoring import score as scoring
    from gen.study.scoring import table as score_table

    root, _ = project()
    recipe = _recipe(root)
    models = root / "sources" / "models"
    path = models / "study" / "score.json"
    judged_by = judges or models / "judges"
    refuse_unwritable(path.parent)
    table = scoring.score(
        recipe, path.parent, judged_by, user_cache(), _counted("score"), baseline, device
    )
    score_table.write(path, table)
    click.echo(path.read_text("utf-8").rstrip() if as_json else score_table.text(table))


def _counted(command: str) -> Counting:
    return lambda what, done, of: say(command, f"{done} of {of} {what}")


@study.command()
@device_option
@click.option("--force", is_flag=True, help="Also if they are up to date.")
def finals(device: str | None, force: bool) -> None:
    """Paints the final pictures that a page shows at once; goes on where it was stopped."""
    from gen.study.scoring import finals as painting

    root, inputs = project()
    recipe = _recipe(root).render
    kept = painting.bring_up_to_date(
        root, inputs, recipe, user_cache(), _counted("finals"), device, force
    )
    click.echo(f"{kept.id}: {len(kept.painted)} pictures")


@study.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="Its file; without it, FOLDER-key.json beside the folder.",
)
def blind(folder: Path, key: Path | None) -> None:
    """Writes painted and rendered pictures into FOLDER, shuffled, and apart from them the key."""
    from gen.study.scoring import blind as testing
    from gen.study.scoring import samples

    root, _ = project()
    folder = folder.resolve()  # also where it is called "."
    key = key or folder.with_name(f"{folder.name}-key.json")
    testing.refuse_unfit(folder, key)
    recipe = _recipe(root)
    model = root / "sources" / "models" / "study"
    request = samples.Request(recipe.render, recipe.score, model, count=2 * testing.EACH)
    testing.write(samples.read(request, user_cache() / "samples"), folder, key)
    click.echo(f"{2 * testing.EACH} pictures in {folder}, the key in {key}")
