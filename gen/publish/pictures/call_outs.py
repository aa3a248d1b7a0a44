"""Where the words of a call-out stand on a picture, and the hair-line that leads from them."""

from dataclasses import dataclass

from gen.core.measured import Spot

SAYS = {
    "sky": "the sky",
    "ground": "the sand",
    "camera": "here you would see the photographer",
}
UP = ("sky",)  # these stand above the picture's subject, all others below
ABOVE, BELOW = 0.21, 0.95  # heights of the words as shares of the picture's
GAP = 0.035  # between the words and the end of their line


@dataclass(frozen=True)
class CallOut:
    """Words and a line, in shares of the picture's width and height."""

    says: str
    x: float
    y: float  # of the spot
    words: float  # height of the words' foot
    end: float  # height at which the line ends


def placed(spot: Spot) -> CallOut:
    """A call-out straight above or below its spot."""
    if spot.name in UP:
        return CallOut(SAYS[spot.name], spot.x, spot.y, ABOVE, ABOVE + GAP / 2)
    return CallOut(SAYS[spot.name], spot.x, spot.y, BELOW, BELOW - GAP)
