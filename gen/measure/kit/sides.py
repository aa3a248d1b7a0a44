"""Which of two prompts pictures of a run are read as, and from when on that is settled."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sides:
    """Whether pictures are read as the later words say, and as the earlier: (N, K) bool.

    N runs; picture k had the earlier words for k steps, so the first had the later words alone.
    """

    new: np.ndarray
    old: np.ndarray

    @property
    def as_asked(self) -> np.ndarray:
        """Runs whose first and last picture are each read as their own words alone say: (N,)."""
        right = self.new[:, 0] & self.old[:, -1]
        return right & ~self.new[:, -1] & ~self.old[:, 0]

    @property
    def last(self) -> np.ndarray:
        """The last k at which the later words win: (N,), NaN where a run is not as asked."""
        return np.where(self.as_asked, _last(self.new), np.nan)

    @property
    def settled(self) -> np.ndarray:
        """The first k from which on the earlier words always win: likewise."""
        return np.where(self.as_asked, _last(~self.old) + 1, np.nan)


def _last(marks: np.ndarray) -> np.ndarray:
    """The place of the last mark of each row: (N, K) bool -> (N,)."""
    return marks.shape[1] - 1 - marks[:, ::-1].argmax(1)


def nearer(masks: np.ndarray) -> Sides:
    """Whose outline bodywork has (N, K, H, W) bool: the first's or the last's of its run.

    By intersection over union; where they tie it is neither's.
    """
    first, last = (_overlap(masks, masks[:, end, None]) for end in (0, -1))
    return Sides(first > last, last > first)


def _overlap(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    either = (one | other).sum((-2, -1))
    return (one & other).sum((-2, -1)) / np.maximum(either, 1)
