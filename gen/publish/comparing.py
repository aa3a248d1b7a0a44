"""A comparison's runs by one model: a lab for any two of them, and all final pictures."""

from itertools import combinations, cycle

from markupsafe import Markup

from gen.core.records import SHEET_COLUMNS, Capture
from gen.core.sources import Comparison, Prompt
from gen.core.yaml_lines import with_line
from gen.publish import claims, differences, evidence, seen
from gen.publish.draft import Draft
from gen.publish.macros import template_macro
from gen.publish.wording import SAMPLERS, plain

Run = dict[str, object]

WORDS = {"scheduler": "sampler", "eta": "fresh noise"}  # what readers call a setting


@template_macro
def said_of(draft: Draft, comparison: Comparison) -> str:
    """What sources say of a comparison, its citations as links; none where it says nothing.

    Raises BadProse where it cites nothing, or has a number of its own, UnknownCitation.
    """
    if comparison.says is None:
        return ""
    keys = f"sources/prompts.yml: comparisons > {comparison.id} > says: "
    place = with_line(draft.materials.root, keys).removesuffix(": ")
    claims.check_one(place, comparison.says, draft.materials.facts)
    parts = claims.CITATION.split(comparison.says)  # what is said, and every second time a mark
    return Markup("").join(
        Markup(evidence.cite(draft, part)) if mark else plain(part)
        for part, mark in zip(parts, cycle((False, True)))
    )


@template_macro
def seen_in(draft: Draft, comparison: Comparison) -> str:
    """What the required model's pictures show; nothing where others than was said of are kept."""
    return seen.in_pictures(draft.materials, comparison)


@template_macro
def side_by_side(draft: Draft, comparison: Comparison, prompts: list[Prompt]) -> str:
    """The lab of a comparison, or what to run where there is no capture of its."""
    captured = [(prompt, capture) for prompt in prompts if (capture := _capture(draft, prompt))]
    absent = [Markup(draft.missing(prompt)) for prompt in prompts if not _capture(draft, prompt)]
    if not captured:
        return absent[0]
    captures = tuple(capture for _, capture in captured)
    own = "" if draft.materials.required(prompts[0]) else f"-{prompts[0].model}"
    return draft.aside(
        "comparison",
        name=comparison.id + own,
        comparison=comparison,
        varies=_varying(comparison),
        captures=captures,
        runs=_runs(draft, comparison, captured),
        apart=_apart(draft, captures),
        absent=absent,
        columns=SHEET_COLUMNS,
        step=max(len(capture.steps) for capture in captures),
    )


@template_macro
def glance(draft: Draft, comparison: Comparison, prompts: list[Prompt]) -> str:
    """All final pictures of a comparison, small, and which lie nearest and furthest; or nothing."""
    captured = [(prompt, capture) for prompt in prompts if (capture := _capture(draft, prompt))]
    if not captured:
        return ""
    runs = _runs(draft, comparison, captured)
    far = sorted(_apart(draft, tuple(capture for _, capture in captured)), key=lambda one: one[2])
    return draft.aside("glance", runs=runs, apart=far, varies=_varying(comparison))


@template_macro
def run_title(draft: Draft, comparison: Comparison, prompt: Prompt) -> str:
    """One of a comparison's runs in a few words."""
    value = _varied(comparison, prompt)
    if comparison.varies == "text":
        return value.capitalize()
    return f"{_varying(comparison).capitalize()} {value}"


def _varied(comparison: Comparison, prompt: Prompt) -> str:
    """What the varied field is in one of a comparison's prompts."""
    value = getattr(prompt, comparison.varies)
    if comparison.varies == "scheduler":
        return SAMPLERS[str(value)]
    if comparison.varies == "eta":
        return f"{100 * value:g} %"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _varying(comparison: Comparison) -> str:
    """The varied field in a reader's word for it."""
    return WORDS.get(comparison.varies, comparison.varies.replace("_", " "))


def _capture(draft: Draft, prompt: Prompt) -> Capture | None:
    return draft.materials.capture(prompt)


def _runs(
    draft: Draft, comparison: Comparison, captured: list[tuple[Prompt, Capture]]
) -> list[Run]:
    """The runs of a comparison, each with what was varied; words that differ are marked."""
    values = [_varied(comparison, prompt) for prompt, _ in captured]
    worded = comparison.varies in ("text", "negative")
    phrases = differences.phrases(values) if worded else [()] * len(values)
    return [
        {
            "capture": capture,
            "src": draft.folder(capture),
            "name": draft.materials.name(prompt),
            "value": value,
            "phrases": phrase,
        }
        for (prompt, capture), value, phrase in zip(captured, values, phrases, strict=True)
    ]


def _apart(draft: Draft, captures: tuple[Capture, ...]) -> list[tuple[int, int, float]]:
    """How far the final pictures of runs lie apart, in pairs."""
    return [
        (one, other, draft.materials.apart[captures[one].key, captures[other].key])
        for one, other in combinations(range(len(captures)), 2)
    ]
