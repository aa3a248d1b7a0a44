"""Ways back to the light, where the way there is known."""

import numpy as np
import pytest
from known import rows

from gen.measure import colour
from gen.measure.kit import linear_light as light
from gen.measure.kit.linear_light import Lit


def lit(curve, n=6, top=0.9, seed=0):
    """Smooth light and the pictures that a curve makes of it."""
    rng = np.random.default_rng(seed)
    made = rng.uniform(0.02, top, (n, 4, 6, 3)).repeat(4, 1).repeat(4, 2).astype(np.float32)
    return Lit(curve(made), made)


def test_each_way_is_best_where_it_is_the_right_one():
    standard = lit(light.encoded)
    found = rows(colour.run(standard, lit(light.encoded, seed=1), steps=5))
    assert found["curve-error"].value < 0.3  # percent of white: rounding
    assert found["both-error"].value < 0.6
    assert found["convolution-error"].value > 1
    own = rows(colour.run(lit(light.picture), lit(light.picture, seed=1), steps=5))
    assert own["own-curve-error"].value < 0.3
    assert own["untouched-error"].value > own["convolution-error"].value


def test_a_convolution_finds_a_linear_mix():
    mix = np.float32([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.0, 0.3, 0.7]])
    rng = np.random.default_rng(0)
    pictures = rng.integers(10, 250, (4, 16, 16, 3), dtype=np.uint8)
    way = colour.convolution(
        Lit(pictures, pictures.astype(np.float32) / 255 @ mix.T), lambda p: p / 255
    )
    wanted = pictures / 255 @ mix.T
    assert way(pictures) == pytest.approx(wanted, abs=1e-4)


def test_highlights_are_counted_apart():
    bright = lit(light.picture, top=5.0)
    found = rows(colour.run(bright, bright, steps=5))
    assert found["curve-highlights"].value > 10  # white is where the standard curve ends
    assert found["own-curve-highlights"].value < 5
    dim = lit(light.picture)
    assert rows(colour.run(dim, dim, steps=5))["curve-highlights"].value is None


def test_a_table_learns_any_curve_from_pairs_and_fills_what_it_has_not_seen():
    curve = lit(light.picture, top=5.0)
    found = rows(colour.run(curve, lit(light.picture, top=5.0, seed=1), steps=5))
    assert found["table-highlights"].value < 5 < found["both-highlights"].value
    assert found["table-error"].value < 1
    few = Lit(np.uint8([[[[0, 100, 200]]]]), np.float32([[[[0.0, 1.0, 3.0]]]]))
    assert colour.table(few)(np.uint8([0, 50, 150, 255])) == pytest.approx([0, 0.5, 2, 3])


def test_ways_are_compared_render_by_render():
    there = lit(light.picture, n=12, top=5.0)
    shown = colour.run(there, lit(light.picture, n=12, top=5.0, seed=1), steps=5)
    found = rows(shown)
    for part in colour.PARTS:
        gain = found[f"own-curve-less-untouched-{part}"]
        apart = found[f"untouched-{part}"].value - found[f"own-curve-{part}"].value
        assert gain.value == pytest.approx(apart, rel=1e-2) and gain.low > 0
        assert gain.n == 12 and "one of 22 comparisons" in gain.note
    beside = found["table-less-both-highlights"]
    assert beside.low > 0 and beside.label == "curve, then convolution"
    assert sum("-less-" in name for name in found) == 22 and "All 22 of" in shown.method


def test_what_two_ways_share_falls_out_and_what_one_render_lacks_is_left_out():
    hard = np.random.default_rng(0).uniform(0, 50, 12)  # as every way finds a render
    bright = np.where(np.arange(12) < 4, np.nan, hard)
    offs = {"untouched": 10, "table": 0, "both": 3}
    errors = {name: {"error": hard + off, "highlights": bright + off} for name, off in offs.items()}
    found = {row.name: row for row in colour._compared(errors, {name: name for name in offs})}
    wanted = {"table-less-untouched": 10, "both-less-untouched": 7, "table-less-both": 3}
    assert set(found) == {f"{name}-{part}" for name in wanted for part in colour.PARTS}
    for name, less in wanted.items():
        for part, n in (("error", 12), ("highlights", 8)):
            row = found[f"{name}-{part}"]
            assert (row.value, row.low, row.high) == pytest.approx((less, less, less))
            assert row.n == n and "one of 6 comparisons" in row.note


def test_half_of_what_the_network_sees_is_cut_around_a_highlight():
    dark = np.full((5, 64, 64, 3), 0.1, np.float32)
    dark[3, 10, 50] = 4.0
    crops = list(colour._crops(Lit(light.picture(dark), dark), 6))
    holds = [[bool((crop > 1).any()) for crop in y] for _, y in crops]
    assert all(all(batch[:4]) for batch in holds)
    assert sum(sum(batch[4:]) for batch in holds) < 12, "the rest is cut anywhere"


def test_the_network_learns_and_is_the_same_every_time():
    there = lit(light.encoded)
    ways = [colour.network(there, 150) for _ in range(2)]
    first, again = (way(there.pictures) for way in ways)
    assert (first == again).all()
    assert (
        np.abs(first - there.light).mean() < 0.5 * np.abs(there.light - there.light.mean()).mean()
    )


# ---- what is drawn from what, on the tiny project ---------------------------------------------


def test_ways_are_fitted_on_one_half_of_the_renders_and_measured_on_the_other(made, project):
    fitted, measured = (made(colour).handed[name] for name in ("fitted", "measured"))
    assert len(fitted.pictures) == len(measured.pictures) == len(project.lit.pictures) // 2
    for field in ("pictures", "light"):
        halves = [getattr(half, field) for half in (fitted, measured)]
        assert np.array_equal(np.concatenate(halves), getattr(project.lit, field))
