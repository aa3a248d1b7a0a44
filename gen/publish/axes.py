"""The axes of charts: how far figures reach, their round ticks, and places in percent."""

from math import ceil, floor, log10

from gen.core.measured import Row

TICKS = 5  # at most so many steps on an axis


def ends(row: Row) -> tuple[float, float, float]:
    """Value, low and high; where there is no interval, the value alone."""
    assert row.value is not None, row.name
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    return row.value, low, high


def reach(rows: list[Row]) -> tuple[float, float]:
    """From where to where figures go, nothing and, of percents near it, all included."""
    far = [end for row in rows for end in ends(row)]
    top = max(0.0, *far)
    return min(0.0, *far), 100.0 if {row.unit for row in rows} == {"%"} and top > 60 else top


def ticks(low: float, high: float) -> tuple[float, ...]:
    """Round numbers around a range, at most TICKS steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) or 1.0
    power = 10 ** floor(log10(span / TICKS))
    step = next(power * times for times in (1, 2, 5, 10) if power * times * TICKS >= span)
    return tuple(round(step * n, 10) for n in range(floor(low / step), ceil(high / step) + 1))


def share(value: float, axis: tuple[float, float]) -> float:
    """Percent of the way along an axis."""
    low, high = axis
    return round(100 * (value - low) / ((high - low) or 1), 2)


def some(numbers: list[float]) -> list[float]:
    """A few of many numbers, the first and the last among them."""
    every = max(1, round((len(numbers) - 1) / TICKS))
    return [*numbers[:-1:every], numbers[-1]] if len(numbers) > TICKS + 1 else numbers
