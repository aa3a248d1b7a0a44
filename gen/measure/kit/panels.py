"""What a panel of a chart holds: its rows, their kind, how far their intervals reach, in words."""

import re

from gen.core.measured import Measurement, Row


def in_panels(measurement: Measurement) -> list[Row]:
    return [row for row in measurement.rows if row.panel and row.value is not None]


def once(rows: list[Row], field: str) -> list[str]:
    return list(dict.fromkeys(getattr(row, field) for row in rows))


def has_lines(rows: list[Row]) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d+)?", row.label) for row in rows)


def reach(rows: list[Row]) -> list[list[float]]:
    """How far the intervals reach to either side; a mean may lie outside by rounding."""
    below = [max(value - low, 0) for value, low, _ in map(figures, rows)]
    return [below, [max(high - value, 0) for value, _, high in map(figures, rows)]]


def figures(row: Row) -> tuple[float, float, float]:
    """Value, low and high end of a row in a panel, which holds none without."""
    assert row.value is not None and row.low is not None and row.high is not None, row.name
    return row.value, row.low, row.high


def in_words(measurement: Measurement, rows: list[Row]) -> str:
    """The chart in words: each figure with its interval."""
    told = (
        f"{row.panel}, {row.label}{f', {row.series}' if row.series else ''}: {row.value:g} "
        f"({row.low:g} to {row.high:g}) {row.unit}"
        for row in rows
        if not has_lines([row])
    )
    return "; ".join(told) or measurement.method
