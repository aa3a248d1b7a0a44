"""How text, numbers, shapes and places are worded on a page."""

import json
import re
from collections.abc import Sequence
from math import floor, log10

from markupsafe import Markup

from gen.core.sources import Fact, Lines, Prompt

MARK = "(?:'|&#0*39;|&#x0*27;|&apos;)"
WITHIN = re.compile(rf"(?<=[^\W_]){MARK}(?=[^\W\d_])", re.I)  # it's, McNemar's, SD 1.5's
AFTER = re.compile(rf"(?<=s){MARK}(?=\s\w)", re.I)  # the renders' own
OPENS = re.compile(rf"(?:^|[\s(]){MARK}", re.I)  # what is quoted
PUNCTUATION = str.maketrans({c: f"&#{ord(c)};" for c in "\\`*_{}[]()<>#+-.!|&\"'~:^=$@/%"})
NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # as it is
FINEST = 3  # decimals of figures that stand below each other
NOTHING = 1e-4  # a measured value below it is what rounding leaves of nothing
SAMPLERS = {  # diffusers' classes by the names that people know
    "DDIMScheduler": "DDIM",
    "PNDMScheduler": "PLMS",
    "EulerDiscreteScheduler": "Euler",
    "EulerAncestralDiscreteScheduler": "Euler ancestral",
    "DPMSolverMultistepScheduler": "DPM-Solver++ 2M",
}


def sampler(prompt: Prompt) -> str:
    """A prompt's sampler by the name that people know, with what was changed in it."""
    fresh = f", {100 * prompt.eta:g} % fresh noise" if prompt.eta else ""
    return SAMPLERS[prompt.scheduler] + prompt.karras * " Karras" + fresh


def plain(text: str) -> Markup:
    """Text that stays text, in HTML and in Markdown alike: every mark becomes an entity.

    An apostrophe is set as one, as Markdown's smarty does in prose.
    """
    words = rounded(" ".join(str(text).split()))
    return Markup(words.translate(PUNCTUATION))


def rounded(text: str) -> str:
    """Text whose apostrophes are set as such; after an s only where nothing is quoted by them."""
    text = WITHIN.sub("’", text)
    return text if OPENS.search(text) else AFTER.sub("’", text)


def quoted(text: str) -> str:
    """Text in quotation marks as YAML reads it, for front matter; always on one line."""
    quoted = json.dumps(" ".join(str(text).split()), ensure_ascii=False)
    return NOT_IN_YAML.sub(lambda letter: f"\\u{ord(letter[0]):04x}", quoted)


def bears(width: int) -> int:
    """CSS pixels across which a painted picture of this width still looks painted well.

    Half as much again as it has, up to what the larger models give as they are.
    """
    return max(width, min(3 * width // 2, 512))


def shape(size: tuple[int, ...]) -> str:
    """A tensor's shape without its batch, width first: (1, 4, 64, 96) is "96 × 64 × 4"."""
    if len(size) == 4:
        size = (size[0], size[3], size[2], size[1])  # pictures are read width, height, channels
    return " × ".join(f"{n:,}" for n in size[1:]) or "1"


def count(parameters: int) -> str:
    """A number of parameters in three figures: 859520964 is "860 M"."""
    for unit, scale in (("M", 10**6), ("k", 10**3)):
        if parameters >= scale:
            value = parameters / scale
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return str(parameters)


def in_words(parameters: int) -> str:
    """A large number as a sentence has it: 13354523 is "13 million"."""
    millions = parameters / 10**6
    if millions < 1:
        return f"{parameters:,}"
    return f"{millions:,.0f} million" if millions >= 9.95 else f"{millions:.2g} million"


def percent(share: float) -> str:
    """A share of the arithmetic with one decimal; what would round to nothing says so."""
    return "under 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def figure(value: float) -> str:
    """A measured value with three digits that mean something, never as a power of ten."""
    if abs(value) < NOTHING:
        return "0"
    written = f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"
    return written.replace("-", "−")  # a minus, not a hyphen


def borne(value: float, low: float | None, high: float | None, unit: str = "") -> str:
    """A measured value as prose gives it: as many digits as its interval bears, and two at most.

    The last digit stands for no more than a quarter of the interval's width, so that rounding moves
    the value by an eighth of it. Two digits become three where they would round up to the next
    power of ten: 0.999 is not 1. Without an interval nothing rounds but percents.
    """
    if abs(value) < NOTHING or (low is None and unit != "%"):
        return figure(value)
    first = floor(log10(abs(value)))
    last = first - (2 if float(f"{abs(value):.1e}") >= 10 ** (first + 1) else 1)
    if low is not None and high is not None and high > low:
        last = max(last, floor(log10((high - low) / 4)))
    last = min(last, first, 0)  # at least one digit, and no whole one becomes nought
    return f"{value:,.{-last}f}".removesuffix(".0").replace("-", "−")


def decimals(figures: Sequence[tuple[float, float, float]]) -> int:
    """How many decimals figures that stand below each other share: value, low and high of each.

    As many as the middle one of their intervals bears (without any, as they have), three at most;
    more than that only where one would round up to a power of ten, as 0.999 to 1, or a part of one
    to a whole nought.
    """
    values = [abs(value) for value, *_ in figures if abs(value) >= NOTHING]
    widths = sorted(high - low for _, low, high in figures if high - low >= NOTHING)
    if widths:
        borne = -floor(log10(widths[len(widths) // 2] / 4))
    else:
        borne = max((len(f"{value:.{FINEST}g}".partition(".")[2]) for value in values), default=0)
    few = range(max(borne, 0), FINEST)
    return next((n for n in few if not any(_misleads(v, n) for v in values)), FINEST)


def _misleads(value: float, decimals: int) -> bool:
    """Whether rounding takes a figure up to 1, 10, 100, or to a whole nought."""
    written = float(f"{value:.{decimals}f}")
    return written >= max(1, 10 ** (floor(log10(value)) + 1)) or (written, decimals) == (0, 0)


def evenly(value: float, decimals: int) -> str:
    """A measured value with just so many decimals.

    Only nothing is 0: what is near it is 0.00 or −0.00, so that an end of an interval keeps to its
    side of nought.
    """
    return "0" if abs(value) < NOTHING else f"{value:,.{decimals}f}".replace("-", "−")


def where(fact: Fact) -> str:
    """A fact's place in a few words: file and lines, or sentence or section and its version."""
    if fact.lines:
        return f"{_file(fact.place)}, {lines(fact.lines)}"
    place = f"sentence {fact.sentence}" if fact.sentence else fact.place
    return f"{_version(fact.read_in)}, {place}" if fact.read_in else place


def lines(of: Lines) -> str:
    """One line or several, without their file."""
    return f"line {of.first}" if of.first == of.last else f"lines {of.first}–{of.last}"


def _file(path: str) -> str:
    """A file of the repository as a mark names it: the card, or the file's own name."""
    name = path.rpartition("/")[2]
    return "model card" if name.endswith("_Model_Card.md") else name


def _version(read_in: str) -> str:
    """The version that a fact was read in, as short as a mark is: v3, proceedings."""
    numbered = re.match(r"version (\d+)", read_in)
    return f"v{numbered[1]}" if numbered else read_in.removeprefix("the ").partition(" ")[0]
