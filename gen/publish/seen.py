"""What pictures show, as prompts.yml tells it by eye: it is said of these pictures alone."""

from collections.abc import Iterator

from gen.core.records import Capture
from gen.core.sources import Comparison, Idea
from gen.core.yaml_lines import with_line
from gen.publish.materials import Materials


def in_pictures(materials: Materials, comparison: Comparison) -> str:
    """What the required model's pictures show; nothing where others than was said of are kept."""
    needed = (prompt for prompt in comparison.prompts if materials.required(prompt))
    keys = [capture.key if (capture := materials.capture(prompt)) else "" for prompt in needed]
    begins = comparison.seen_in
    same = len(keys) == len(begins) and all(map(str.startswith, keys, begins))
    return comparison.seen or "" if same else ""


def in_picture(idea: Idea, capture: Capture | None) -> str:
    """What one picture shows; nothing where it was said of another."""
    same = capture is not None and capture.key.startswith(idea.seen_in or "-")
    return idea.seen or "" if same else ""


def of_others(materials: Materials) -> Iterator[str]:
    """A line for each idea and comparison of which no page tells what its pictures show."""
    inputs = materials.inputs
    for idea in inputs.ideas:
        made = [capture for prompt in idea.prompts if (capture := materials.capture(prompt))]
        if idea.seen and made and not any(in_picture(idea, capture) for capture in made):
            yield _line(materials, f"ideas > {idea.id}", idea.seen_in or "")
    for comparison in inputs.comparisons:
        needed = [prompt for prompt in comparison.prompts if materials.required(prompt)]
        whole = all(map(materials.capture, needed))
        if comparison.seen and whole and not in_pictures(materials, comparison):
            begins = ", ".join(comparison.seen_in)
            yield _line(materials, f"comparisons > {comparison.id}", begins)


def _line(materials: Materials, keys: str, begins: str) -> str:
    told = (
        f"sources/prompts.yml: {keys} > seen_in: {begins}: other pictures are kept than was said "
        "of, so what they show is left out; look at them, and write seen and seen_in anew"
    )
    return with_line(materials.root, told)
