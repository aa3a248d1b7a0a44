"""The elements of pages: template, style sheets, script and states of each, in one place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from gen.core.records import Capture
from gen.publish.idea_tags import slug
from gen.publish.run_figures import Event

Run = Mapping[str, object]
# In the order of the cascade:
PARTS = ("control", "kind", "choices", "slider", "pair", "table", "frame", "late")


@dataclass(frozen=True)
class Element:
    """Something that a page can have, and what a browser loads and a link may name for it."""

    template: str
    parts: tuple[str, ...] = ()  # style sheets that it shares, of docs/assets/css/parts/
    labs: tuple[str, ...] = ()  # its own, of docs/assets/css/labs/
    script: str = ""  # a module of docs/assets/js/
    tag: str = ""  # the custom element that the script brings to life
    states: Callable[..., Iterable[str]] | None = None  # of the template's arguments: see state.js


def _lab_states(capture: Capture, events: Iterable[Event], **_: object) -> Iterable[str]:
    """Steps, words and views of a step lab; an event's name stands for its step."""
    kinds = {view.kind for view in capture.views}
    yield from (f"step-{step}" for step in range(1, len(capture.steps) + 1))
    yield from (event.name for event in events)
    yield from (f"word-{quote(_bare(view.word))}" for view in capture.views if view.word)
    yield from (f"view-{kind}" for kind in VIEWS if kind in kinds)


def _compare_states(captures: tuple[Capture, ...], **_: object) -> Iterable[str]:
    """Pairs, steps and looks of a comparison lab."""
    for run in range(len(captures)):
        yield from (f"a-{run}", f"b-{run}")
    steps = max(len(capture.steps) for capture in captures)
    yield from (f"step-{step}" for step in range(1, steps + 1))
    yield from ("view-side", "view-wipe", "view-difference")


def _gallery_states(
    offered: Mapping[str, Iterable[str]], cards: Sequence[object], page: int, **_: object
) -> Iterable[str]:
    """The choices of the gallery, of each kind that has several, and its pages after the first."""
    yield from (f"page-{number}" for number in range(2, -(-len(cards) // page) + 1))
    for kind, values in offered.items():
        if len(tuple(values)) > 1:
            yield from (f"{kind}-{quote(slug(value))}" for value in values)


def _turning_states(names: Sequence[str], steps: int, **_: object) -> Iterable[str]:
    """Runs on show, and the steps at which their words change."""
    yield from (f"pair-{quote(name)}" for name in names)
    yield from (f"step-{step}" for step in range(steps + 1))


def _ball_states(
    worlds: Iterable[str],
    shapes: Iterable[str],
    turns: Iterable[int],
    tilts: Iterable[int],
    **_: object,
) -> Iterable[str]:
    """Worlds, shapes, sides and touched places of a ball: see docs/assets/js/ball-place.js."""
    for kind, values in (("world", worlds), ("shape", shapes), ("turn", turns), ("tilt", tilts)):
        yield from (f"{kind}-{value}" for value in values)
    yield from (f"{axis}-{part}" for axis in "xy" for part in range(0, 101, 2))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _step_states(steps: Iterable[_Named], **_: object) -> Iterable[str]:
    """Steps of the check of a reader's own picture; places marked there are in no link of ours."""
    yield from (step.name for step in steps)


def _where_states(rounds: Sequence[object], **_: object) -> Iterable[str]:
    """The rounds of a quiz, from 1."""
    yield from (f"round-{number}" for number in range(1, len(rounds) + 1))


def _bare(word: str | None) -> str:
    return (word or "").removeprefix("<|").removesuffix("|>")


VIEWS = ("clean", "attention", "guidance")  # that a lab opens at, besides what the model sees
ELEMENTS = {
    "lab": Element(
        "lab.html.j2",
        parts=("control", "slider", "table", "frame", "late"),
        labs=("lab", "step-lab", "step-stage", "step-curves"),
        script="step-lab",
        tag="step-lab",
        states=_lab_states,
    ),
    "comparison": Element(
        "side_by_side.html.j2",
        parts=("control", "choices", "slider", "pair", "table", "late"),
        labs=("lab", "compare-lab"),
        script="compare-lab",
        tag="compare-lab",
        states=_compare_states,
    ),
    "glance": Element("glance.html.j2", labs=("compare-lab",)),
    "gallery": Element(
        "gallery.html.j2",
        parts=("control", "choices", "late"),
        labs=("gallery",),
        script="idea-gallery",
        tag="idea-gallery",
        states=_gallery_states,
    ),
    "wipe": Element(
        "wipe.html.j2",
        parts=("control", "choices", "slider", "pair", "late"),
        labs=("wipe",),
        script="wipe",
        tag="picture-wipe",
    ),
    "staged": Element("staged.html.j2", parts=("kind",), labs=("staged",)),
    "close-up": Element("close_up.html.j2", labs=("close-up",)),
    "loop": Element(
        "loop.html.j2",
        parts=("control", "kind", "late"),
        labs=("loop",),
        script="picture-loop",
        tag="picture-loop",
    ),
    "quiz": Element(
        "quiz.html.j2",
        parts=("control", "table", "late"),
        labs=("quiz",),
        script="mirror-quiz",
        tag="mirror-quiz",
    ),
    "turning": Element(
        "turning.html.j2",
        parts=("control", "choices", "slider", "table", "frame", "late"),
        labs=("lab", "chart", "chart-lines", "turning"),
        script="change-mind",
        tag="change-mind",
        states=_turning_states,
    ),
    "ball": Element(
        "ball.html.j2",
        parts=("control", "choices", "slider", "table", "late"),
        labs=("ball", "ball-sliders"),
        script="chrome-ball",
        tag="chrome-ball",
        states=_ball_states,
    ),
    "where": Element(
        "where.html.j2",
        parts=("control", "choices", "table", "late"),
        labs=("where",),
        script="where-quiz",
        tag="where-quiz",
        states=_where_states,
    ),
    "diagram": Element(
        "diagram.html.j2",
        labs=("diagram", "diagram-levels"),
        script="diagram",
        tag="level-diagram",
    ),
    "signs": Element("signs.html.j2"),
    "notes": Element("notes.html.j2", parts=("control",), script="evidence"),
    "path": Element("path.html.j2", parts=("frame",), labs=("path",)),
    "run-here": Element(
        "run_here.html.j2",
        parts=("control",),
        labs=("run-here",),
        script="run-here",
        tag="run-here",
    ),
    "painter": Element(
        "painter.html.j2",
        parts=("control", "choices", "slider", "table"),
        labs=("lab", "paint-lab", "paint-run"),
        script="paint-lab",
        tag="paint-lab",
    ),
    "painted": Element(
        "painted.html.j2",
        parts=("control", "late"),
        labs=("painted",),
        script="painted-before",
        tag="painted-before",
    ),
    "own-picture": Element(
        "own_picture.html.j2",
        parts=("control", "slider", "table"),
        labs=("lab", "own-picture", "own-steps"),
        script="your-picture",
        tag="your-picture",
        states=_step_states,
    ),
    "strip": Element("strip.html.j2", parts=("frame",)),
    "chart": Element("chart.html.j2", parts=("table", "frame"), labs=("chart", "chart-lines")),
    "works": Element("works.html.j2", parts=("table",)),
    "facts": Element("facts.html.j2", parts=("table",)),
    "stages": Element("stages.html.j2", parts=("table",)),
    "models": Element("models.html.j2", parts=("table",)),
    "schooling": Element("schooling.html.j2", parts=("table",)),
    "captures": Element("captures.html.j2", parts=("table",)),
    "cards": Element("cards.html.j2"),
    "tries": Element("tries.html.j2", labs=("tries",)),
    "contact": Element("contact.html.j2", labs=("contact",)),
}
LABS = tuple(dict.fromkeys(lab for element in ELEMENTS.values() for lab in element.labs))


def styles(names: Iterable[str]) -> tuple[str, ...]:
    """The style sheets of these elements, under docs/, in the order of the cascade."""
    elements = [ELEMENTS[name] for name in names]
    parts = {part for element in elements for part in element.parts}
    labs = {lab for element in elements for lab in element.labs}
    return (
        *(f"assets/css/parts/{part}.css" for part in PARTS if part in parts),
        *(f"assets/css/labs/{lab}.css" for lab in LABS if lab in labs),
    )


def scripts(names: Iterable[str]) -> tuple[str, ...]:
    """The scripts of these elements, under docs/, in the order of ELEMENTS."""
    needed = {ELEMENTS[name].script for name in names}
    declared = (element.script for element in ELEMENTS.values() if element.script)
    return tuple(f"assets/js/{script}.js" for script in declared if script in needed)
