"""How soon a frame follows a move of each moment's controls, on a processor that is slowed down.

    .venv/bin/python benchmarks/moments.py [MOMENT...] [--site site] [--slower 4] [--json]

After a page has loaded, its controls are moved by keys and pointer while every frame's time is
written down. Only worth reading on a machine that does nothing else: the longest gap of as long a
time without a move stands beside it. Without a graphics card the ball is drawn by the slowed
processor too. Promise: no frame is missed after a move, so no gap is longer than one frame and a
half. A moment whose page waits for its measurement or its pictures is named and left out.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, islice, pairwise
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright
from served import QUIET, SITE, chromium, served

FRAME_MS = 1000 / 60
LATE = 1.5  # frames: beyond this one was missed
MOVES = 24
PAUSE_S = 0.1  # between moves, so that each has frames of its own; a held key is no faster
SETTLE_MS = 1000
PAGE_MS = 120_000
WINDOW = {"width": 1280, "height": 900}
# Begins with a frame and ends with one, so that a move that holds all frames up shows as a gap.
RECORD = """() => new Promise(begun => {
    window.frameTimes = []
    const tick = now => {
        window.frameTimes.push(now)
        window.nextTick = requestAnimationFrame(tick)
        begun()
    }
    window.nextTick = requestAnimationFrame(tick)
})"""
RECORDED = """() => new Promise(done => requestAnimationFrame(() => {
    cancelAnimationFrame(window.nextTick)
    done(window.frameTimes)
}))"""
Moves = Iterator[Callable[[], None]]  # what lies between two of them is not measured


@dataclass(frozen=True)
class Moment:
    """A page, what stands on it once it can be moved, and its controls with how each is moved."""

    path: str
    ready: str
    controls: dict[str, Callable[[Page], Moves]]


@dataclass(frozen=True)
class Row:
    """What a control's moves cost; gaps between frames in milliseconds."""

    moment: str
    control: str
    moves: int
    longest: float
    missed: int  # frames
    idle: float  # the longest gap while nothing moves


def keys(control: str, *names: str) -> Callable[[Page], Moves]:
    """Presses these keys by turns on a control."""

    def moves(page: Page) -> Moves:
        page.locator(control).focus()
        for name in islice(cycle(names), MOVES):
            yield partial(page.keyboard.press, name)

    return moves


def drag(control: str, across: float) -> Callable[[Page], Moves]:
    """Drags from the middle of an element, `across` pixels in all."""

    def moves(page: Page) -> Moves:
        start = page.locator(control)
        start.scroll_into_view_if_needed()
        box = start.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for number in range(1, MOVES + 1):
            yield partial(page.mouse.move, x + across * number / MOVES, y)
        page.mouse.up()

    return moves


def presses(controls: str, again: bool = False) -> Callable[[Page], Moves]:
    """Presses controls one after the other, as many as there are; also a second time around."""

    def moves(page: Page) -> Moves:
        every = page.locator(controls).all()
        for one in [*every, *(every if again else [])][:MOVES]:
            one.focus()
            yield partial(page.keyboard.press, "Space")

    return moves


def rounds(page: Page) -> Moves:
    """Answers every round with its first world, and goes on."""
    for _ in range(page.locator("where-quiz fieldset").count()):
        page.locator("where-quiz fieldset:visible button").first.focus()
        yield partial(page.keyboard.press, "Space")
        if (on := page.locator("[data-action=next]")).is_visible():
            on.focus()
            yield partial(page.keyboard.press, "Enter")


def on_ours(moves: Callable[[Page], Moves]) -> Callable[[Page], Moves]:
    """Puts our render in the place of the reader's picture first."""

    def after(page: Page) -> Moves:
        page.locator("[data-action=ours]").first.click()
        page.locator("your-picture.own-there").wait_for()
        page.wait_for_timeout(SETTLE_MS)
        yield from moves(page)

    return after


MOMENTS = {
    "where": Moment("/measurements/where/", "where-quiz.where-ready", {"rounds": rounds}),
    "turning": Moment(
        "/measurements/turning/",
        "change-mind.turning-ready",
        {
            "slider": keys("change-mind [type=range]", "Home", *["ArrowRight"] * (MOVES - 1)),
            "words": presses("change-mind [type=radio]"),
        },
    ),
    "own": Moment(
        "/your-picture/",
        "your-picture.own-ready",
        {
            "mark, keys": on_ours(keys("[data-mark=around]", "ArrowRight", "ArrowDown")),
            "mark, drag": drag("[data-mark=body]", 120),
            "steps": presses(".own-steps button"),
        },
    ),
    "ball": Moment(
        "/ball/",
        "chrome-ball.ball-ready",
        {
            "slider": keys("[data-slider=turn]", "ArrowRight"),
            "drag": drag(".ball-stage", 150),
            "world": presses("chrome-ball [name$=-world]", again=True),
            "shape": presses("chrome-ball [name$=-shape]", again=True),
        },
    ),
    "paint": Moment(
        "/paint/", ".paint-form label:visible", {"chips": presses(".paint-form .choices input")}
    ),
}


@click.command(help=__doc__.partition("\n")[0])
@click.argument("moments", nargs=-1, type=click.Choice(list(MOMENTS)), metavar="[MOMENT]...")
@click.option("--site", type=click.Path(path_type=Path), default=SITE, help="A built site.")
@click.option("--slower", type=click.FloatRange(min=1), default=4, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def main(moments: tuple[str, ...], site: Path, slower: float, as_json: bool) -> None:
    program, rows = chromium(), []
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        for name in moments or MOMENTS:
            page = browser.new_page(viewport=WINDOW)
            page.set_default_timeout(PAGE_MS)
            if page.goto(f"{address}{MOMENTS[name].path}").ok:
                rows += measured(page, name, slower)
            else:
                click.echo(f"{name}: the built site has no page {MOMENTS[name].path}", err=True)
            page.close()
        browser.close()
    click.echo(json.dumps([asdict(row) for row in rows], indent=1) if as_json else told(rows))
    sys.exit(any(row.missed for row in rows))


def measured(page: Page, name: str, slower: float) -> Iterator[Row]:
    """Waits until a moment is there, slows the processor, and moves each control."""
    moment = MOMENTS[name]
    ready = page.locator(moment.ready).first
    ready.scroll_into_view_if_needed()
    ready.wait_for()
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.wait_for_timeout(SETTLE_MS)
    for control, moves in moment.controls.items():
        frames = [recorded(page, move) for move in moves(page)]
        still = [recorded(page, lambda: None) for _ in frames]
        yield row(name, control, frames, still)


def recorded(page: Page, move: Callable[[], None]) -> list[float]:
    """When frames came around one move, in milliseconds."""
    page.evaluate(RECORD)
    move()
    time.sleep(PAUSE_S)
    return page.evaluate(RECORDED)


def row(name: str, control: str, moving: list[list[float]], still: list[list[float]]) -> Row:
    """The gaps of as many times as there were moves, and of as many without one."""
    gaps = [gap for frames in moving for gap in between(frames)]
    missed = sum(round(gap / FRAME_MS) - 1 for gap in gaps if gap > LATE * FRAME_MS)
    idle = max((gap for frames in still for gap in between(frames)), default=0.0)
    longest = max(gaps, default=0.0)
    return Row(name, control, len(moving), round(longest, 1), missed, round(idle, 1))


def between(frames: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(frames)]


def told(rows: list[Row]) -> str:
    """A table; gaps in milliseconds."""
    head = ("moment", "control", "moves", "longest gap", "missed", "without a move")
    cells = [head, *((r.moment, r.control, r.moves, r.longest, r.missed, r.idle) for r in rows)]
    return "\n".join("{:<9}{:<12}{:>6}{:>13}{:>8}{:>16}".format(*line) for line in cells)


if __name__ == "__main__":
    sys.exit(main())
