"""Runs that turn, or not, at steps that are known."""

import numpy as np
import pytest
from known import noise
from known import rows as by_name

from gen.measure import turning
from gen.measure.kit import rows as kit_rows
from gen.measure.kit import turns
from gen.measure.kit.sides import Sides
from gen.measure.kit.turns import CHROME, MATTE, PAINT, VIEW, Change
from gen.measure.turning import SHOWN, Turned

K, PAIRS = 9, 8
NAMES = {CHROME: ("background", "mirror"), MATTE: ("background",), PAINT: ("finish", "colour")}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    """A curve has an interval at every step."""
    monkeypatch.setattr(kit_rows, "RESAMPLES", 40)


def turned(kind, number, **points):
    """Two noises whose new words win before a step, by aspect; else the old ones."""
    sides = {}
    for name, point in points.items():
        new = np.tile(np.arange(K) < point, (2, 1))
        sides[name] = Sides(new, ~new)
    return Turned(Change(kind, "before", "after", 1), sides, noise(K, 8, 12, number))


def every(**points):
    """Of each kind eight pairs; a pair's own points are spread by one to each side."""
    made = []
    for kind in (CHROME, MATTE, PAINT, VIEW):
        names = NAMES.get(kind, ("view", "outline"))
        for number in range(PAIRS):
            own = {name: points.get(name, 5) + (-1) ** number for name in names}
            made.append(turned(kind, number, **own))
    return made


def test_points_of_no_return_are_found_and_pairs_are_counted():
    found = by_name(turning.run(every(background=4, mirror=7), {}))
    last, settled = found["chrome-background-last"], found["chrome-background-settled"]
    assert (last.value, settled.value, last.n, last.unit) == (3, 4, PAIRS, "steps")
    assert last.low < 3 < last.high and last.low >= 2 and last.high <= 4
    assert found["chrome-mirror-last"].value == 6
    assert found["chrome-background-asked"].value == 100
    assert found["chrome-background-asked"].n == 2 * PAIRS
    assert f"{2 * PAIRS} runs of {PAIRS} pairs of words" in found["chrome-background-asked"].note


def test_the_curve_falls_where_the_new_words_lose():
    found = by_name(turning.run(every(background=4), {}))
    curve = [found[f"chrome-background-{k}"].value for k in range(K)]
    assert curve == [100, 100, 100, 50, 50, 0, 0, 0, 0]
    assert found["chrome-background-0"].panel == found["matte-background-0"].panel


def test_a_mirror_that_holds_on_longer_is_told_pair_by_pair():
    found = by_name(turning.run(every(background=4, mirror=7), {}))
    later = found["mirror-later-last"]
    assert later.value == later.low == later.high == 3, "each pair's own difference is three"
    assert "one of 2 comparisons" in later.note
    assert found["split-other-5"].value == 100 and found["split-5"].value == 0
    swapped = by_name(turning.run(every(background=7, mirror=4), {}))
    assert swapped["split-5"].value == 100 and swapped["mirror-later-last"].value == -3


def test_runs_that_are_not_as_asked_are_no_part_of_a_point():
    late = turned(CHROME, 0, background=K, mirror=5)  # the old words never show
    runs = [late, *(turned(CHROME, n, background=3, mirror=5) for n in range(1, PAIRS))]
    found = by_name(turning.run(runs, {}))
    assert (found["chrome-background-last"].value, found["chrome-background-last"].n) == (2, 7)
    assert found["chrome-background-asked"].value == 87.5


def test_what_a_judge_cannot_read_is_missing_with_its_reason():
    found = by_name(turning.run(every(), {"chrome-mirror": "the judge is bad"}))
    assert found["chrome-mirror-last"].value is None
    assert found["chrome-mirror-last"].note == "the judge is bad"
    assert "chrome-mirror-3" not in found and "mirror-later-last" not in found
    assert found["chrome-background-last"].value is not None


def test_each_sheet_shows_every_step_of_its_change():
    measured = turning.run(every(), {})
    assert set(measured.pictures) == {f"{name}.webp" for name in SHOWN}
    assert len(set(measured.pictures.values())) < len(SHOWN), "one noise, one picture here"


# ---- what is asked ----------------------------------------------------------------------------


def said():
    from tiny import ROOT

    from gen.study.recipe.whole import read_recipe
    from gen.study.world.captions import understood

    recipe = read_recipe(ROOT / "sources/study.yml").render
    for change in turns.changes():
        yield change, [understood(text, recipe) for text in (change.before, change.after)], recipe


def test_no_words_ask_for_what_training_never_saw():
    for _, both, recipe in said():
        for words in both:
            assert not any(c.items() <= words.items() for c in recipe.held_out)


def test_words_differ_in_what_their_kind_says_and_in_nothing_else():
    allowed = {CHROME: {"world"}, MATTE: {"world"}, PAINT: {"finish", "colour"}, VIEW: {"view"}}
    for change, (a, b), _ in said():
        differing = {kind for kind in a.keys() | b.keys() if a.get(kind) != b.get(kind)}
        assert differing and differing <= allowed[change.kind], change


def test_there_are_six_pairs_of_each_kind_at_least_and_four_noises_of_each():
    kinds = [change.kind for change in turns.changes()]
    assert all(kinds.count(kind) >= 6 for kind in (CHROME, MATTE, PAINT, VIEW))
    assert turns.NOISES == 4
    pairs = {(c.kind, *c.seeds) for c in turns.changes()}
    assert len(pairs) == len(kinds), "no two pairs of a kind share their noises"


# ---- what is painted from what, on the tiny project -------------------------------------------


def test_every_pair_is_painted_from_its_own_noises_and_read_at_every_step(made, project):
    handed = made(turning).handed["turned"]
    assert [t.change for t in handed] == turns.changes()
    steps = project.recipe.score.steps
    for t in handed:
        assert len(t.pictures) == steps + 1
        assert all(s.new.shape == (turns.NOISES, steps + 1) for s in t.sides.values())
    chrome, matte = ([t for t in handed if t.change.kind == kind] for kind in (CHROME, MATTE))
    assert [t.change.seeds for t in chrome] == [t.change.seeds for t in matte]


def test_worlds_are_read_under_each_pictures_own_mask(made, project):
    first = made(turning).handed["turned"][0]
    masks = project.judging.read(first.pictures).mask
    for name, part in (("background", "background"), ("mirror", "body")):
        world = project.judging.read_world(first.pictures, masks, part).world
        assert np.array_equal(first.sides[name].new[0], world == "snow")
        assert np.array_equal(first.sides[name].old[0], world == "desert")


def test_pairs_of_one_finish_say_nothing_of_finishes(made):
    pairs = [t for t in made(turning).handed["turned"] if t.change.kind == PAINT]
    gold = next(t for t in pairs if "gold" in t.change.after)
    assert set(gold.sides) == {"colour"}


def test_a_judge_under_its_bound_is_not_leaned_on(made, project):
    from tiny_project import doubting, handed_over

    made(turning)
    doubts = handed_over(doubting(project, "body_world"), turning)["doubts"]
    assert set(doubts) == {"chrome-mirror"}
    assert len(handed_over(doubting(project, "mask"), turning)["doubts"]) == len(turning.ASPECTS)


def test_its_record_keeps_the_sheets(made):
    measurement = made(turning).measurement
    kept = {name for name, _ in measurement.digests}
    assert {"turning-world-snow.webp", "turning-paint-chrome.webp"} <= kept
    rows = [row for row in measurement.rows if row.value is not None]  # one pair is too few
    curve = [row for row in rows if row.unit == turning.UNIT]
    assert curve and all(0 <= row.low <= row.value <= row.high <= 100 for row in curve)
