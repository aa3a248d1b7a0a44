"""What many captures cost: planned, made by several processes, and shown on a site.

    python benchmarks/scale.py plan [100 1000 10000]
    python benchmarks/scale.py processes [--captures 32] [--steps 40]
    python benchmarks/scale.py site [--project FOLDER] [--forge] [18 100 300 1000]

Captures are those of a tiny pipeline in a temporary project; the store and the build are the real
ones. `plan` looks through a store in which copies of one capture lie under each key, and says in
seconds of processor what more captures cost. `processes` is a ratio: one process and two take turns
at the same work, so that whatever else the machine does falls on both. `site` builds a project of
so many ideas and says what a page more costs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import click
import many

from gen.core import inputs, status, store

PLANNED = 30.0  # seconds of processor for the first look at ten thousand, which reads all of them
AGAIN = 10.0  # and for each later one, which compares bytes
QUICKER = 1.7  # times as quick with two processes, on two cores
MEMORY = 300  # megabytes, to build a site of a thousand captures
GROWTH = 1.3  # times as long for each idea or capture as with a tenth as many
BETWEEN = """
import os, resource, subprocess, sys
cores = int(sys.argv[1]) or None
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
code = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(code)
"""


@click.group(help=__doc__.partition("\n")[0])
def main() -> None:
    """The command line."""


@main.command("plan")
@click.argument("captures", nargs=-1, type=click.IntRange(min=2))
def planned(captures: tuple[int, ...]) -> None:
    """How long a look at many captures takes, every byte of each checked."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        many.project(root, 2)
        many.capture(root)
        rows = {count: _looked(root, count) for count in captures or (100, 1000, 10_000)}
    low, high = min(rows), max(rows)
    ratios = {name: rows[high][name] / rows[low][name] * low / high for name in rows[high]}
    told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    click.echo(f"each of {high} against each of {low}, at most {GROWTH}: {told}; {load()}")
    slow = rows[high]["first"] > PLANNED or rows[high]["again"] > AGAIN
    sys.exit(slow or max(ratios.values()) > GROWTH)


def _looked(root: Path, captures: int) -> dict[str, float]:
    """Seconds of processor that each kind of look takes, the pipeline loaded, nothing measured."""
    many.reword(root, captures - 1)
    many.forge(root)
    shutil.rmtree(root / ".cache", ignore_errors=True)
    code, *_, said = run(root, [sys.executable, __file__, "look"])
    assert code == 0
    row = dict(json.loads(said))
    told = ", ".join(f"{name} {took:.2f}" for name, took in row.items())
    click.echo(f"{captures:6} captures, seconds of processor: {told}")
    return row


@main.command(hidden=True)
def look() -> None:
    """The looks of `plan` at the project in this folder, in a process that does nothing else."""
    from gen.capture import plan
    from gen.capture.weights import Choice, opener

    def looked(force: bool = False) -> None:
        seen = plan.plan(root, jobs, pipe_of, force, measured=lambda pipe, prompt, fits, tell: pace)
        assert len(seen.jobs) == force * keys

    root, pace = Path(), plan.Pace(1.0, 1.0)
    jobs, pipe_of = many.jobs_of(root), opener(root, Choice())
    keys = len({prompt.pinned_key(model) for prompt, model in jobs})
    pipe_of(jobs[0][1])
    looks: dict[str, Callable[[], object]] = {
        "first": looked,
        "again": looked,
        "to make": lambda: looked(force=True),
        "status": lambda: status.status(root, inputs.read(root)),
    }
    click.echo(json.dumps({name: _seconds(work) for name, work in looks.items()}))


def _seconds(work: Callable[[], object]) -> float:
    """Of this process's processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


@main.command()
@click.option("--captures", type=click.IntRange(min=4), default=32, show_default=True)
@click.option("--steps", type=click.IntRange(min=1), default=40, show_default=True)
@click.option("--turns", type=click.IntRange(min=1), default=3, show_default=True)
def processes(captures: int, steps: int, turns: int) -> None:
    """How much sooner two processes are done than one, each with a core of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        many.project(root, captures - 2)
        models = root / "sources" / "models.yml"
        models.write_text(models.read_text("utf-8").replace("steps: 20", f"steps: {steps}"))
        times = [(made_by(1, root), made_by(2, root)) for _ in range(turns)]
    ratio = median(one / two for one, two in times)
    told = ", ".join(f"{one:.1f} : {two:.1f}" for one, two in times)
    click.echo(f"{captures} captures of {steps} steps, one process : two, seconds: {told}")
    click.echo(f"ratio {ratio:.2f}, promised at least {QUICKER} on two free cores, {load()}")
    sys.exit(ratio < QUICKER)


def made_by(count: int, root: Path) -> float:
    """Seconds in which so many processes make all captures, first start to last end.

    Each has one core, as with GPUs each has one: a process encodes beside its device, and would
    else take a part of the second core as well. What the first needs to start is left out.
    """
    shutil.rmtree(root / "docs" / "captures", ignore_errors=True)
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", str(count)]
    code, *_ = run(root, [*launch, "-m", "gen", "capture"], cores=count)
    assert code == 0
    (colours,) = (root / "docs" / "captures").glob(f"model-*/{store.COLOURS}")
    ends = [path.stat().st_mtime for path in (root / "docs" / "captures").glob("[!m]*/*.json")]
    return max(ends) - colours.stat().st_mtime


@main.command()
@click.argument("ideas", nargs=-1, type=click.IntRange(min=2))
@click.option("--project", type=click.Path(path_type=Path), help="Kept, and gone on with.")
@click.option("--forge", is_flag=True, help="Copies of one capture in place of captures.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def site(ideas: tuple[int, ...], project: Path | None, forge: bool, as_json: bool) -> None:
    """Time, memory and size of a site, by how many ideas it has."""
    with tempfile.TemporaryDirectory() as folder:
        root = project or Path(folder, "project")
        if not root.exists():
            many.project(root, 2)
            many.capture(root)
        rows = [_built(root, count, forge) for count in ideas or (18, 100, 300, 1000)]
    for row in rows:
        click.echo(json.dumps(row) if as_json else _told(row))
    click.echo(load())
    first, last = rows[0], rows[-1]
    steeper = last["seconds"] / last["ideas"] > GROWTH * first["seconds"] / first["ideas"]
    sys.exit(steeper or last["megabytes"] > MEMORY)


def _built(root: Path, ideas: int, forge: bool) -> dict:
    """One build of a project of so many ideas, its caches warm."""
    many.reword(root, ideas)
    (many.forge if forge else many.capture)(root)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    for _ in range(2):  # the first draws cards and enlarges pictures, which later ones find
        code, seconds, megabytes, _ = run(root, mkdocs, NO_MKDOCS_2_WARNING="1")
        assert code == 0
    pages = sorted(path.stat().st_size for path in (root / "site").rglob("index.html"))
    files = [path.stat().st_size for path in (root / "site").rglob("*") if path.is_file()]
    gallery = (root / "site" / "ideas" / "index.html").stat().st_size
    return {
        "ideas": ideas,
        "seconds": round(seconds, 1),  # of processor
        "megabytes": round(megabytes),
        "site_megabytes": round(sum(files) / 1e6, 1),
        "page_kilobytes": round(median(pages) / 1e3),
        "gallery_kilobytes": round(gallery / 1e3),
    }


def _told(row: dict) -> str:
    return (
        "{ideas:5} ideas: {seconds:6.1f} s of processor, {megabytes:4} MB, site "
        "{site_megabytes:6.1f} MB, a page {page_kilobytes} kB, the gallery {gallery_kilobytes} kB"
    ).format(**row)


def run(
    root: Path, command: list[str], cores: int | None = None, **environment: str
) -> tuple[int, float, float, str]:
    """Exit code, seconds of processor, megabytes at most and what was said, of a command.

    It and all that it starts have so many `cores`, or as many as there are. A process begins with
    the peak of the one that starts it, which here has held a pipeline: so a small one is between.
    """
    path = os.pathsep.join((str(many.ROOT), str(Path(__file__).parent)))
    around = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"} | environment
    between = [sys.executable, "-c", BETWEEN, str(cores or 0), *command]
    done = subprocess.run(between, cwd=root, env=around, stdout=subprocess.PIPE, text=True)
    *lines, used = done.stdout.splitlines(keepends=True)
    seconds, kilobytes = map(float, used.split())
    return done.returncode, seconds, kilobytes / 1024, "".join(lines)


def load() -> str:
    """What else the machine was doing."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
