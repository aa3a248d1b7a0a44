"""Lighthouse on four kinds of page of the built site: a phone, pages compressed, medians.

    .venv/bin/python benchmarks/lighthouse.py [--runs 5] [--best] [--slowdown 4] [--site site]

Lighthouse is fetched by npx into npm's own cache, pinned by version; the site is served from here.
A run takes half a minute, and each is told as it ends. Performance is only worth reading on a
machine that does nothing else; on another, --best takes each page's best run for its medians, and
--slowdown says how much slower still a phone's processor is: 1 where other work takes that much.
Promise: accessibility, best practices and SEO 100; performance 98 or more; a layout shift of 0;
home at most 300 kB as transferred, the lab's page at most 1.5 MB.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from served import QUIET, SITE, chromium, served

LIGHTHOUSE = "lighthouse@12.2.3"  # 13 wants a newer Node than Debian has
PAGES = {"home": "/", "lab": "/steps/", "idea": "/ideas/chrome-studio/", "sources": "/sources/"}
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
MOST = {"home": 300_000, "lab": 1_500_000}  # bytes as transferred
BYTES, SHIFT = "total-byte-weight", "cumulative-layout-shift"
RUN_S = 600  # one page, once, on a busy machine
PATIENCE = "--max-wait-for-load=180000"  # milliseconds, likewise


@click.command(help=__doc__.partition("\n")[0])
@click.option("--runs", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--best", is_flag=True, help="A page's best run, not the medians of all.")
@click.option("--slowdown", type=float, default=4, show_default=True, help="Of the processor.")
@click.option("--site", type=click.Path(path_type=Path), default=SITE, help="A built site.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(runs: int, best: bool, slowdown: float, site: Path, as_json: bool) -> None:
    npx = shutil.which("npx")
    if not npx:
        raise click.ClickException("no npx here; install Node 18 or newer with npm")
    program = chromium()
    with served(site) as address:
        reports = {
            name: list(audits((npx, program, f"{address}{path}", slowdown), name, runs))
            for name, path in PAGES.items()
        }
    found = {name: figures([fastest(of)] if best else of) for name, of in reports.items()}
    of_all = f"the best of {runs}" if best else f"medians of {runs}"
    click.echo(json.dumps(found, indent=1) if as_json else told(found, of_all))
    sys.exit(any(short(name, page) for name, page in found.items()))


def audits(what: tuple, name: str, runs: int) -> Iterator[dict]:
    """The reports on one page, each told on stderr: all of them take many minutes.

    `what` are the arguments of `audit`.
    """
    for run in range(1, runs + 1):
        report = audit(*what)
        speed = round(100 * score(report, "performance"))
        click.echo(f"{name}, run {run} of {runs}: performance {speed}", err=True)
        yield report


def fastest(reports: list[dict]) -> dict:
    """The report with the highest performance."""
    return max(reports, key=lambda report: score(report, "performance"))


def audit(npx: str, program: str, url: str, slowdown: float = 4) -> dict:
    """Lighthouse's report on one page. Raises click.ClickException where it makes none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        flags = f"--chrome-flags=--headless=new {' '.join(QUIET)}"
        slower = f"--throttling.cpuSlowdownMultiplier={slowdown:g}"
        command = [npx, "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", flags, slower]
        command.append(PATIENCE)
        try:
            done = subprocess.run(
                [*command, f"--output-path={report}"],
                cwd=folder,
                env=os.environ | {"CHROME_PATH": program},
                capture_output=True,
                text=True,
                timeout=RUN_S,
            )
        except subprocess.TimeoutExpired:
            raise click.ClickException(f"{LIGHTHOUSE} took more than {RUN_S} s, {url}") from None
        if done.returncode or not report.is_file():
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise click.ClickException(f"{LIGHTHOUSE} failed on {url}: {last}")
        made = json.loads(report.read_text(encoding="utf-8"))
    if error := made.get("runtimeError"):
        raise click.ClickException(f"{LIGHTHOUSE} failed on {url}: {error['message']}")
    return made


def figures(reports: list[dict]) -> dict:
    """Medians over the reports on one page, and the audits that failed in any of them.

    Scores are 0 to 100, bytes are as transferred.
    """
    scores = {
        name: statistics.median(round(100 * score(report, name)) for report in reports)
        for name in LEAST
    }
    values = {
        name: statistics.median(report["audits"][name]["numericValue"] for report in reports)
        for name in (BYTES, SHIFT)
    }
    return {
        "scores": scores,
        "bytes": round(values[BYTES]),
        "shift": values[SHIFT],
        "failed": sorted({line for report in reports for line in failed(report)}),
    }


def score(report: dict, category: str) -> float:
    """A category's score, 0 to 1; 0 where an audit's error left it without one."""
    return report["categories"][category]["score"] or 0.0


def failed(report: dict) -> list[str]:
    """What costs a category points, but performance, where much does a little."""
    return [
        f"{name}: {audit['id']}"
        for name in LEAST
        if name != "performance"
        for ref in report["categories"][name]["auditRefs"]
        if ref["weight"] and (audit := report["audits"][ref["id"]])["score"] is not None
        if audit["score"] < 1
    ]


def short(name: str, page: dict) -> list[str]:
    """The promises that a page does not keep."""
    falls = [what for what, least in LEAST.items() if page["scores"][what] < least]
    falls += ["layout shift"] * (round(page["shift"], 3) > 0)
    return falls + ["bytes"] * (page["bytes"] > MOST.get(name, page["bytes"]))


def told(found: dict[str, dict], of_all: str) -> str:
    """A table of all pages, which runs it holds, and below it what falls short."""
    rows = [("page", *LEAST, "kB", "shift")]
    for name, page in found.items():
        scores = (f"{page['scores'][category]:g}" for category in LEAST)
        rows.append((name, *scores, f"{page['bytes'] / 1000:.0f}", f"{page['shift']:.3f}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    lines.append(f"{of_all}; phone, slow network and processor simulated; gzip")
    for name, page in found.items():
        lines += [f"{name}: {what} not as promised" for what in short(name, page)]
        lines += [f"{name}: {audit}" for audit in page["failed"]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
