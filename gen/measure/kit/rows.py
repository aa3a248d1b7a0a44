"""Figures with their intervals -> rows; rows -> a measurement with its chart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from gen.core.canonical import digest
from gen.core.measured import Measurement, Row, measurement_key
from gen.study.judging.accuracy import wilson

RESAMPLES = 2000  # of one comparison: an interval's ends then wander by a fiftieth of its width
LEAST = 6  # of anything: an interval over fewer is little more than its values
ENOUGH = 100  # pictures; with fewer, a row must have an interval of at most POINTS to either side
POINTS = 10.0

Statistic = Callable[..., Any]  # of samples, over their first axis: a number


@dataclass(frozen=True)
class Place:
    """Where a row stands: its panel, its place on the axis, its series."""

    panel: str
    label: str
    series: str


@dataclass(frozen=True)
class Measured:
    """What `run` finds: rows, and pictures to show beside them, as file endings -> bytes."""

    question: str
    method: str
    rows: tuple[Row, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def short(value: float) -> float:
    """Four significant digits: more would be the rounding of sums."""
    return float(f"{float(value):.4g}")


def mean(
    name: str, place: Place, values: np.ndarray, unit: str, note: str = "", looked_at: int = 1
) -> Row:
    """The mean of one figure per picture (N,), NaN left out, with a bootstrap interval."""
    there = (values[~np.isnan(values)],)
    return bootstrapped(name, place, there, unit, at_once=True, note=note, looked_at=looked_at)


def bootstrapped(
    name: str,
    place: Place,
    samples: tuple[np.ndarray, ...],
    unit: str,
    statistic: Statistic = np.mean,
    note: str = "",
    biased: bool = False,
    looked_at: int = 1,
    at_once: bool = False,
) -> Row:
    """A statistic of independent samples, each (N, ...), with an expanded percentile interval.

    `n` is the smallest sample's: of few, plain percentiles of the draws hold the truth too seldom
    (of eight, 87 times in a hundred), so they are taken as much further out as Student's t is wider
    than the normal curve, and draws are narrower than samples (Hesterberg, 2015). Units are drawn
    along the first axis. A `biased` statistic, a distance of distributions, grows by drawing again
    alone: its interval is shifted back by as much as the draws' mean lies above the value, and ends
    at 0. Where `looked_at` comparisons are told together, all their intervals hold at once: each is
    wider (Bonferroni), its note says so, and as many more draws are made, for its ends lie so much
    further out. A statistic that can work on many draws of its one sample `at_once`,
    (RESAMPLES, N, ...) along axis 1, does it many times
    faster.
    """
    n = min(len(sample) for sample in samples)
    if n < LEAST:
        return missing(name, place, unit, f"only {n} to look at", n)
    value = statistic(*samples, axis=0)
    again = np.concatenate(list(_drawn(samples, statistic, looked_at, at_once)))
    tail = expanded(0.025 / looked_at, n)
    low, high = np.quantile(again, (tail, 1 - tail))
    if looked_at > 1:
        note = "; ".join(filter(None, (note, f"one of {looked_at} comparisons: a wider interval")))
    if biased:
        shift = np.mean(again) - value
        low, high = max(low - shift, 0.0), high - shift
    return row(name, place, value, low, high, n, unit, note)


def expanded(tail: float, n: int) -> float:
    """What share of draws of n lies as far out as a normal mean's t-interval leaves to one side."""
    further: float = stats.norm.cdf(-((n / (n - 1)) ** 0.5) * stats.t.isf(tail, n - 1))
    return further


def _drawn(
    samples: tuple[np.ndarray, ...], statistic: Statistic, times: int, at_once: bool
) -> Iterator[np.ndarray]:
    """RESAMPLES values of a statistic at a time; the same draws either way."""
    rng = np.random.default_rng(0)
    for _ in range(times):
        if at_once:
            (sample,) = samples
            places = rng.integers(len(sample), size=(RESAMPLES, len(sample)))
            yield np.asarray(statistic(sample[places], axis=1))
        else:
            drawn = (
                statistic(*(s[rng.integers(len(s), size=len(s))] for s in samples), axis=0)
                for _ in range(RESAMPLES)
            )
            yield np.fromiter(drawn, float)


def share(name: str, place: Place, hits: np.ndarray, note: str = "") -> Row:
    """The percentage of pictures (N,) of which something holds, with Wilson's interval."""
    n = len(hits)
    if not n:
        return missing(name, place, "%", "none to look at")
    counted = int(np.sum(hits))
    low, high = wilson(counted, n)
    return row(name, place, 100 * counted / n, 100 * low, 100 * high, n, "%", note)


def row(
    name: str,
    place: Place,
    value: float,
    low: float,
    high: float,
    n: int,
    unit: str,
    note: str = "",
) -> Row:
    """A row, rounded; few pictures and a wide interval are said in its note."""
    wide = max(high - value, value - low)
    if n < ENOUGH and unit == "%" and wide > POINTS:
        few = f"only {n} pictures: the interval reaches {wide:.0f} points to one side"
        note = f"{note}; {few}" if note else few
    figures = (short(value), short(low), short(high))
    return Row(name, place.panel, place.label, place.series, *figures, n, unit, note)


def missing(name: str, place: Place, unit: str, why: str, n: int = 0) -> Row:
    """A row for what could not be measured, saying why."""
    return Row(name, place.panel, place.label, place.series, None, None, None, n, unit, why)


def record(
    id: str,
    measured: Measured,
    model: str,
    inputs: Sequence[tuple[str, str]],
    chart: Callable[[Measurement], Mapping[str, bytes]],
) -> tuple[Measurement, dict[str, bytes]]:
    """A measurement and its files by name: the chart, and pictures if there are any."""
    names = [row.name for row in measured.rows]
    assert len(set(names)) == len(names), f"{id}: two rows of one name"
    needs = tuple(sorted(inputs))
    key = measurement_key(id, needs)
    bare = Measurement(id, key, measured.question, measured.method, model, needs, measured.rows, ())
    files = {**chart(bare)}
    files |= {f"{id}-{end}": content for end, content in sorted(measured.pictures.items())}
    digests = tuple((name, digest(content)) for name, content in files.items())
    return Measurement(**{**vars(bare), "digests": digests}), files
