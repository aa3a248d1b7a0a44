"""Which pages there are, and their places in the navigation: a prompt needs no line anywhere."""

import re
from collections.abc import Iterator
from typing import Any

from gen.core.sources import Prompt
from gen.publish import glossary, templating
from gen.publish.drawing import Plan
from gen.publish.materials import Materials

PAPERS = "papers/"  # prose about one paper each
MEASURED = "measurements/"  # prose about one measurement each, named by its id
CHECK = "check.md"
ANSWER = ("index.md", "task.md")  # prose, as it is read
PAINT = ("steps.md", "workflow.md")
PLAYED = (f"{MEASURED}where.md", f"{MEASURED}turning.md")  # measurements that a reader tries first
TRIED = ("try.md", "paint.md", "ball.md", *PLAYED, "your-picture.md")
ENDS = (CHECK, "questions.md")
MODELS = ("models.md", "study-model.md")
SOURCES = "sources.md"
CLOSED = ("ideas/index.md", "comparisons/index.md")  # hold a card for each page below them

LISTED = re.compile(r"^## (?P<heading>.+)$|\]\((?P<id>[\w-]+)\.md\)", re.MULTILINE)

Nav = list[str | dict[str, Any]]  # a path, or a title with what lies below it


def plans(materials: Materials) -> Iterator[Plan]:
    """Every page but that of the sources, in the order in which faults are reported."""
    for path, text in materials.prose.items():
        yield Plan(path, text)
    inputs = materials.inputs
    yield _from("ideas/index.md", "ideas")
    for idea in inputs.ideas:
        yield _from(f"ideas/{idea.id}.md", "idea", idea=idea, inputs=inputs)
    yield _from("comparisons/index.md", "comparisons")
    for comparison in inputs.comparisons:
        path = f"comparisons/{comparison.id}.md"
        yield _from(path, "comparison", comparison=comparison, inputs=inputs)
    yield from _measurements(materials)
    yield _from("reproduce.md", "reproduce")


def sources_plan(materials: Materials) -> Plan:
    """The page of the sources, which says what all others cite."""
    return _from(SOURCES, "sources", inputs=materials.inputs)


def nav(materials: Materials) -> Nav:
    """The navigation, as mkdocs.yml would hold it."""
    prose, inputs = materials.prose, materials.inputs
    papers = sorted(
        (path for path in prose if path.startswith(PAPERS)),
        key=lambda path: (path != f"{PAPERS}index.md", path),
    )
    measured = _in_groups(materials)
    ideas = [f"ideas/{idea.id}.md" for idea in inputs.ideas]
    comparisons = [f"comparisons/{comparison.id}.md" for comparison in inputs.comparisons]
    placed = {*ANSWER, *PAINT, *TRIED, *ENDS, *MODELS, *papers, glossary.PATH}
    others = sorted(path for path in set(prose) - placed if not path.startswith(MEASURED))
    tabs = {
        "The answer": [*_present(materials, ANSWER), *others, *_present(materials, ENDS)],
        "Watch it paint": _present(materials, PAINT),
        "Try it": [
            *_present(materials, TRIED),
            {"Every car, one try each": ["ideas/index.md", *ideas]},
            {"One thing changed": ["comparisons/index.md", *comparisons]},
        ],
        "How do we know?": [
            *([{"Measurements": [f"{MEASURED}index.md", *measured]}] if measured else []),
            *([{"Papers": papers}] if papers else []),
            SOURCES,
        ],
        "About": [*_present(materials, (*MODELS, glossary.PATH)), "reproduce.md"],
    }
    return [{title: pages} for title, pages in tabs.items() if pages]


def _in_groups(materials: Materials) -> Nav:
    """The measurements as their index lists them, under its headings; others stand behind.

    Those that are tried stand with what else is, where people look for them.
    """
    tried = set(_present(materials, TRIED))
    left = [path for id in materials.measurements if (path := f"{MEASURED}{id}.md") not in tried]
    groups: dict[str, Nav] = {"": []}
    heading = ""
    for match in LISTED.finditer(materials.prose.get(f"{MEASURED}index.md", "")):
        path = f"{MEASURED}{match['id']}.md"
        if match["heading"]:
            heading = match["heading"]
        elif path in left:
            left.remove(path)
            groups.setdefault(heading, []).append(path)
    alone = groups.pop("")
    return [*alone, *({title: pages} for title, pages in groups.items()), *left]


def story(materials: Materials) -> tuple[str, ...]:
    """The pages that tell one story, in the order in which previous and next lead along it."""
    measured = (f"{MEASURED}index.md",) if materials.measurements else ()
    middle = (*_present(materials, TRIED), "ideas/index.md", *measured)
    return (*_present(materials, (*ANSWER, *PAINT)), *middle, *_present(materials, (CHECK,)))


def faces(materials: Materials) -> dict[str, Prompt]:
    """The prompt whose picture stands for a page, where one of its own does, by its path."""
    inputs = materials.inputs
    ideas = {f"ideas/{idea.id}.md": materials.face(idea) for idea in inputs.ideas}
    return ideas | {f"comparisons/{c.id}.md": materials.face(c) for c in inputs.comparisons}


def _measurements(materials: Materials) -> Iterator[Plan]:
    """A page for each measurement that no prose is about, and one for all of them."""
    for measurement in materials.measurements.values():
        path = f"{MEASURED}{measurement.id}.md"
        if path not in materials.prose:
            yield _from(path, "measurement", measurement=measurement)
    index = f"{MEASURED}index.md"
    if materials.measurements and index not in materials.prose:
        yield _from(index, "measurements", measurements=tuple(materials.measurements.values()))


def _from(path: str, template: str, **subject: object) -> Plan:
    """A page of ours: rendered like prose, so its claims are checked alike."""
    name = f"{template}.md.j2"
    return Plan(path, templating.source(name), name, subject)


def _present(materials: Materials, paths: tuple[str, ...]) -> list[str]:
    """Those of these pages that people have written."""
    return [path for path in paths if path in materials.prose]
