"""What is read from one capture's curves and parts: figures, events, steps to show, rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from gen.core.records import END, PADDING, START, Capture, Part, part_of
from gen.publish.wording import in_words

SHARES = (  # of the first distance: name, share, label, in words
    ("half", 0.5, "half-way there", "half"),
    ("settled", 0.1, "nine tenths there", "a tenth"),
)
STAYS = "stays within {} of its first distance"
TICK_GAP = 0.1  # of the slider: at 320 px a mark with its letter is a tenth of it wide
KEY_SHARES = (0, 0.07, 0.16, 0.27, 0.4, 0.55, 0.75, 1)  # of the way: most happens early
SHEET = 8  # steps at most that stand for a run without a script

THING = "car"  # its places are the car, where those of its finish may lie around it
ENDS = (START, END, PADDING)

StepRow = tuple[int, float, float, float, float | None]


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


def figures(capture: Capture) -> tuple[Figure, ...]:
    """What prose may say of one capture."""
    parameters, share, latents = built(capture.parts)
    return (
        Figure("steps", str(len(capture.steps)), "denoising steps run"),
        *reversed(tuple(_distances(capture))),
        *_guidance(capture),
        parameters,
        share,
        Figure("tokens", str(len(capture.tokens)), "tokens, start and end included"),
        latents,
    )


def built(parts: tuple[Part, ...]) -> tuple[Figure, Figure, Figure]:
    """What prose may say of a pipeline, whether it ran or was worked out from its shape."""
    unet = part_of(parts, "unet")
    whole = sum(part.parameters for part in parts if part.parent is None)
    _, channels, height, width = unet.takes[0]
    size, share = f"{width} × {height} × {channels}", f"{100 * unet.flops_share:.0f}"
    return (
        Figure(
            "parameters", in_words(whole), f"{whole:,} parameters of text encoder, U-Net and VAE"
        ),
        Figure("unet-share", share, "percent of the counted operations happen in the U-Net"),
        Figure("latents", size, "latents, width by height by channels"),
    )


def events(capture: Capture) -> tuple[Event, ...]:
    """The steps to mark on a capture's slider, in their order; none that its curves do not have."""
    turns = [*_settling(capture.curve("distance")), *_pushing(capture)]
    return tuple(sorted(turns, key=lambda event: event.step))


def fell_below(distance: tuple[float, ...], share: float) -> int:
    """The first step, from 1, from which on the distance stays under a share of its first value."""
    bound = share * distance[0]
    above = [index for index, value in enumerate(distance, start=1) if value >= bound]
    return min(above[-1] + 1, len(distance)) if above else 1


def lanes(steps: tuple[int, ...], last: int) -> tuple[int, ...]:
    """For each of these steps, in order, the row below the slider where its mark has room."""
    ends: dict[int, float] = {}  # of each row: how far along its latest mark stands
    places = []
    for step in steps:
        along = (step - 1) / max(last - 1, 1)
        row = next((row for row, end in ends.items() if along - end >= TICK_GAP), len(ends))
        ends[row] = along
        places.append(row)
    return tuple(places)


def key_steps(steps: int) -> tuple[int, ...]:
    """At most eight steps, from 1, that show a run at a glance: more of them early."""
    return tuple(sorted({1 + round(share * (steps - 1)) for share in KEY_SHARES}))


def opening_word(capture: Capture) -> str:
    """The word that a lab opens with: the one for the thing that is painted, else a longer one."""
    words = [view.word or "" for view in capture.views if view.kind == "attention"]
    longer = [word for word in words if len(word) > 2 and word not in ENDS]
    return next((word for word in longer if word.lower() == THING), "".join(longer[:1]))


def sheet_steps(capture: Capture) -> tuple[int, ...]:
    """At most eight steps, from 1, that stand for a run: both ends, its events, key steps."""
    last = len(capture.steps)
    marked = {event.step for event in events(capture)}
    needed = {1, last} | marked
    spare = [step for step in key_steps(last) if step not in needed]
    spare.sort(key=lambda step: -min((abs(step - other) for other in marked), default=0))
    return tuple(sorted(needed | set(spare[: SHEET - len(needed)])))


def rows(capture: Capture) -> tuple[StepRow, ...]:
    """Per step: its number from 1, timestep, sigma, distance, guidance's push or None."""
    pushes = push(capture) or (None,) * len(capture.steps)
    curves = zip(capture.steps, capture.curve("distance"), pushes, strict=True)
    return tuple(
        (step.index + 1, step.timestep, step.sigma, distance, pushed)
        for step, distance, pushed in curves
    )


def _distances(capture: Capture) -> Iterator[Figure]:
    """From which steps on the predicted picture stays near to the final one."""
    distance = capture.curve("distance")
    for name, share, _, words in SHARES:
        says = f"step from which the predicted picture {STAYS.format(words)}"
        yield Figure(name, str(fell_below(distance, share)), says)


def _settling(distance: tuple[float, ...]) -> Iterator[Event]:
    """Where the predicted picture has come near to the final one, and stays there."""
    for name, share, label, words in SHARES:
        step = fell_below(distance, share)
        level = share * distance[0]
        if distance[step - 1] < level:
            says = f"from here on the expected picture {STAYS.format(words)}"
            yield Event(name, step, "distance", level, label, says)


def push(capture: Capture) -> tuple[float, ...]:
    """What guidance changes in the guess at the finished latents, step by step.

    Its change of the named noise times the noise level: the same change moves a guess the more, the
    more noise there is to take away. Empty where one branch ran alone (scale 1 or less).
    """
    if capture.prompt.guidance_scale <= 1:
        return ()
    pairs = zip(capture.curve("guidance"), capture.steps, strict=True)
    return tuple(energy * step.sigma for energy, step in pairs)


def _guidance(capture: Capture) -> Iterator[Figure]:
    """From which step on guidance moves the guess half as much as at first, and stays under it."""
    if pushes := push(capture):
        says = "step from which guidance moves the guess less than half as much as at first"
        yield Figure("guidance-half", str(fell_below(pushes, 0.5)), says)


def _pushing(capture: Capture) -> Iterator[Event]:
    """Where the push of guidance has come down to half, for good."""
    for figure in _guidance(capture):
        pushes, step = push(capture), int(figure.value)
        if pushes[step - 1] < pushes[0] / 2:
            says = "from here on guidance moves the guess less than half as much as at first"
            yield Event(figure.name, step, "guidance", pushes[0] / 2, "pull halved", says)
