"""Figures that are arithmetic: on cited facts (DERIVED) and on one kept capture (figures, rows)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from gen.core.measured import Measurement
from gen.core.records import Capture


@dataclass(frozen=True)
class Derived:
    """A figure worked out from cited facts of the repository."""

    value: str
    says: str  # the sum, as a person would check it
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A figure read from one capture."""

    name: str
    value: str
    says: str


@dataclass(frozen=True)
class Event:
    """A step, from 1, at which a curve of one capture turns; links name it as figures() does."""

    name: str
    step: int
    curve: str  # distance | guidance
    level: float  # the value of that curve that it is about
    label: str  # a few words, for a button
    says: str


def last_level() -> float:
    """What is left of the signal's variance at the noisiest of 1000 levels (cumulative alpha)."""
    first, last, levels = sqrt(0.00085), sqrt(0.0120), 1000  # v1-inference.yaml, util.py:22-25
    product = 1.0
    for level in range(levels):
        product *= 1 - (first + (last - first) * level / (levels - 1)) ** 2
    return product


PIXELS, LATENTS = 512 * 512 * 3, (512 // 8) * (512 // 8) * 4
DERIVED = {
    "pixel-values": Derived(f"{PIXELS:,}", "512 × 512 × 3", ("latent-size",)),
    "latent-values": Derived(f"{LATENTS:,}", "64 × 64 × 4", ("latent-size",)),
    "compression": Derived(
        str(PIXELS // LATENTS), "512 × 512 × 3 values over 64 × 64 × 4", ("latent-size",)
    ),
    "first-level": Derived(
        str((50 - 1) * (1000 // 50) + 1),
        "49 strides of 1000 / 50, plus 1",
        ("level-subset", "steps"),
    ),
    "prompted-weight": Derived("7.5", "the scale itself", ("guidance", "guidance-scale")),
    "unprompted-weight": Derived(f"{7.5 - 1}", "7.5 - 1", ("guidance", "guidance-scale")),
    "lineage-steps": Derived(
        f"{237 + 194 + 515 + 595:,}k",
        "237k + 194k + 515k + 595k",
        ("first-stage", "aesthetic-stage", "last-stage"),
    ),
    "signal-weight": Derived(
        f"{sqrt(last_level()):.3f}",
        "square root of the last cumulative alpha",
        ("noise-levels", "schedule-shape", "noising"),
    ),
    "noise-weight": Derived(
        f"{sqrt(1 - last_level()):.3f}",
        "square root of one less the last cumulative alpha",
        ("noise-levels", "schedule-shape", "noising"),
    ),
    "blocks": Derived(
        str(3 * 2 + 1 + 3 * 3),
        "two a level on three levels going down, one in the middle, three a level going up",
        ("unet-shape",),
    ),
}


def fell_below(distance: tuple[float, ...], share: float) -> int:
    """The first step, from 1, after which the distance stays under a share of its first value."""
    bound = share * distance[0]
    above = [index for index, value in enumerate(distance, start=1) if value >= bound]
    return min(above[-1] + 1, len(distance)) if above else 1


SHARES = (  # of the first distance: name, share, label, in words
    ("half", 0.5, "distance halved", "half"),
    ("settled", 0.1, "a tenth left", "a tenth"),
)
TICK_GAP = 0.1  # of the slider: at 320 px a mark with its letter is a tenth of it wide


def events(capture: Capture) -> tuple[Event, ...]:
    """The steps to mark on a capture's slider, in their order; none that its curves do not have."""
    found = [*_settling(capture.curve("distance")), *_pushing(capture)]
    return tuple(sorted(found, key=lambda event: event.step))


def _settling(distance: tuple[float, ...]) -> Iterator[Event]:
    """Where the predicted picture has come near to the final one, and stays there."""
    for name, share, label, words in SHARES:
        step = fell_below(distance, share)
        level = share * distance[0]
        if distance[step - 1] < level:
            says = f"from here on the expected picture stays within {words} of its first distance"
            yield Event(name, step, "distance", level, label, says)


def _pushing(capture: Capture) -> Iterator[Event]:
    """Where guidance changes the predicted noise most."""
    for figure in _guidance(capture):
        level = max(capture.curve("guidance"))
        if level > 0:
            says = "here guidance changes the predicted noise most"
            yield Event(figure.name, int(figure.value), "guidance", level, "guidance peaks", says)


def lanes(steps: tuple[int, ...], last: int) -> tuple[int, ...]:
    """For each of these steps, in order, the row below the slider where its mark has room."""
    ends: list[float] = []  # of each row: how far along its latest mark stands
    found = []
    for step in steps:
        along = (step - 1) / max(last - 1, 1)
        free = (lane for lane, end in enumerate(ends) if along - end >= TICK_GAP)
        lane = next(free, len(ends))
        ends[lane : lane + 1] = [along]
        found.append(lane)
    return tuple(found)


def figures(capture: Capture) -> tuple[Figure, ...]:
    """What prose may say of one capture."""
    distance = capture.curve("distance")
    unet = capture.part("unet")
    share = f"{100 * unet.flops_share:.0f}"
    whole = sum(part.parameters for part in capture.parts if part.parent is None)
    _, channels, height, width = unet.takes[0]
    return (
        Figure("steps", str(len(capture.steps)), "denoising steps run"),
        Figure(
            "settled",
            str(fell_below(distance, 0.1)),
            "step after which the predicted picture stays within a tenth of its first distance",
        ),
        Figure(
            "half",
            str(fell_below(distance, 0.5)),
            "step after which the predicted picture stays within half of its first distance",
        ),
        *_guidance(capture),
        Figure("parameters", f"{whole:,}", "parameters of text encoder, U-Net and VAE"),
        Figure("unet-share", share, "percent of the counted operations happen in the U-Net"),
        Figure("tokens", str(len(capture.tokens)), "tokens, start and end included"),
        Figure(
            "latents", f"{width} × {height} × {channels}", "latents, width by height by channels"
        ),
    )


def _guidance(capture: Capture) -> tuple[Figure, ...]:
    """When guidance pushes hardest; nothing where one branch ran alone (scale 1 or less)."""
    if capture.prompt.guidance_scale <= 1:
        return ()
    energy = capture.curve("guidance")
    step = str(energy.index(max(energy)) + 1)
    return (
        Figure("guidance-peak", step, "step at which guidance changes the predicted noise most"),
    )


def key_steps(steps: int) -> tuple[int, ...]:
    """At most eight steps, from 1, that show a run at a glance: more of them early."""
    wanted = (0, 0.07, 0.16, 0.27, 0.4, 0.55, 0.75, 1)
    return tuple(sorted({1 + round(share * (steps - 1)) for share in wanted}))


def sheet_steps(capture: Capture) -> tuple[int, ...]:
    """At most eight steps, from 1, that stand for a run: both ends, its events, key steps."""
    last = len(capture.steps)
    marked = {event.step for event in events(capture)}
    kept = {1, last} | marked
    spare = [step for step in key_steps(last) if step not in kept]
    spare.sort(key=lambda step: -min((abs(step - other) for other in marked), default=0))
    return tuple(sorted(kept | set(spare[: 8 - len(kept)])))


def rows(capture: Capture) -> tuple[tuple[int, float, float, float, float | None], ...]:
    """Per step: its number from 1, timestep, sigma, distance, guidance energy or None."""
    guided = capture.prompt.guidance_scale > 1
    energies = capture.curve("guidance") if guided else (None,) * len(capture.steps)
    return tuple(
        (step.index + 1, step.timestep, step.sigma, distance, energy)
        for step, distance, energy in zip(
            capture.steps, capture.curve("distance"), energies, strict=True
        )
    )


def table(capture: Capture) -> Iterator[tuple[str, ...]]:
    """The rows of a capture's curves as its CSV holds them, in full; a missing value is empty."""
    yield "step", "timestep", "sigma", "distance", "guidance"
    for row in rows(capture):
        yield tuple("" if value is None else repr(value) for value in row)


def measured(measurement: Measurement) -> Iterator[tuple[str, ...]]:
    """The rows of a measurement as its CSV holds them, in full; a missing value is empty."""
    names = ("name", "panel", "label", "series", "value", "low", "high", "n", "unit", "note")
    yield names
    for row in measurement.rows:
        values = (getattr(row, name) for name in names)
        yield tuple("" if value is None else str(value) for value in values)
