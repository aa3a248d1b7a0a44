"""Pictures that share a prompt are not independent: what shares and means are known to, then."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.rows import LEAST, Place, bootstrapped, row, share
from gen.study.judging.accuracy import wilson

Labels = Sequence[Hashable]  # of each picture what it shares with others: its prompt


def mean_of(
    name: str,
    place: Place,
    values: np.ndarray,
    unit: str,
    labels: Labels,
    note: str = "",
    looked_at: int = 1,
    of: str = "prompts",
) -> Row:
    """The mean of one figure per picture (N,), NaN left out; whole groups of a label are redrawn.

    `of` says what a label names. `n` counts pictures. As with `rows.mean`, under LEAST groups there
    is no figure.
    """
    there = ~np.isnan(values)
    few = chosen(labels, there)
    sums, counts = totals(values[there], few)
    note = said(note, len(sums), len(few), of)
    both = (np.stack([sums, counts], 1),)
    drawn = bootstrapped(
        name, place, both, unit, _ratio, note=note, looked_at=looked_at, at_once=True
    )
    return replace(drawn, n=len(few)) if drawn.value is not None else drawn


def share_of(
    name: str,
    place: Place,
    hits: np.ndarray,
    labels: Labels,
    note: str = "",
    of: str = "prompts",
    n: str = "pictures",
) -> Row:
    """The percentage of pictures (N,) of which something holds, with Wilson's interval.

    `of` says what a label names, `n` what is counted where that is no picture.

    It counts as many pictures as were worth as much if they were independent, by how the share
    varies from group to group: at most all, and groups alone where it does not vary.
    """
    sums, counts = totals(hits.astype(float), labels)
    if not len(hits) or len(sums) == len(hits):
        return share(name, place, hits, note)
    value = float(hits.mean())
    as_many = worth(sums, counts)
    low, high = wilson(value * as_many, as_many)
    note = said(note, len(sums), len(hits), of, n)
    return row(name, place, 100 * value, 100 * low, 100 * high, len(hits), "%", note)


def worth(sums: np.ndarray, counts: np.ndarray) -> float:
    """As many independent pictures would give the share's variance: groups' hits and sizes (G,)."""
    n, groups = counts.sum(), len(sums)
    value = sums.sum() / n
    off = ((sums - value * counts) ** 2).sum() / n**2
    if groups < LEAST or not off:
        return float(groups)
    return float(min(n, value * (1 - value) * (groups - 1) / groups / off))


def by_chance(differences: np.ndarray, labels: Labels) -> float:
    """How likely sums as far from 0 come by chance, two-sided, where each group may turn its sign.

    Differences (N,) are -1, 0 or 1. Exact; where no group has two, it is McNemar's test.
    """
    sums = np.abs(totals(differences.astype(float), labels)[0]).astype(int)
    ways = np.ones(1)
    for size in sums[sums > 0]:
        turned = np.zeros(2 * size + 1)
        turned[[0, -1]] = 0.5
        ways = np.convolve(ways, turned)
    middle = len(ways) // 2
    far = np.abs(np.arange(len(ways)) - middle) >= abs(int(differences.sum()))
    return float(min(1.0, ways[far].sum()))


def chosen(labels: Labels, which: np.ndarray) -> list[Hashable]:
    """The labels of those of N pictures that `which` (N,) says."""
    return [label for label, one in zip(labels, which, strict=True) if one]


def totals(values: np.ndarray, labels: Labels) -> tuple[np.ndarray, np.ndarray]:
    """Of each label, in the order of its first picture, the sum and the number of its values."""
    places = {label: at for at, label in enumerate(dict.fromkeys(labels))}
    at = np.array([places[label] for label in labels], int)
    return np.bincount(at, values, len(places)), np.bincount(at, minlength=len(places))


def _ratio(both: np.ndarray, axis: int) -> np.ndarray:
    """Of groups' sums and sizes, (..., G, 2) with G along `axis`: the mean of what is in them."""
    whole = both.sum(axis)
    return whole[..., 0] / whole[..., 1]


def grouped(values: np.ndarray, labels: Labels) -> np.ndarray:
    """Figures (N, K) by label, in the order of its first picture: (G, most, K), else NaN."""
    mine: dict[Hashable, list[int]] = {}
    for at, label in enumerate(labels):
        mine.setdefault(label, []).append(at)
    found = np.full((len(mine), max(map(len, mine.values()), default=0), values.shape[1]), np.nan)
    for group, some in enumerate(mine.values()):
        found[group, : len(some)] = values[some]
    return found


def said(note: str, groups: int, n: int, of: str = "prompts", what: str = "pictures") -> str:
    """A note, and after it how few groups an interval over more pictures stands on."""
    told = f"{n} {what} of {groups} {of}: the interval is over {of}" if groups < n else ""
    return "; ".join(filter(None, (note, told)))
