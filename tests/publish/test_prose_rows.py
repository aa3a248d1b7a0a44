"""A sentence that compares what was measured says what the rows say today."""

import pytest
from row_claims import (
    MORE,
    Claim,
    Rows,
    above_nought,
    apart,
    below,
    takes_in_nought,
)


def agreement(rows: Rows) -> bool:
    order = ("control-matte", "control-turned", "control-mirror")
    strewn = rows["control-shuffled"], rows["generated-mirror-unnamed-floor"]
    meets_chance = strewn[0].low <= strewn[1].high
    return below(rows, "control-shuffled", *order) and meets_chance


def window(rows: Rows) -> bool:
    """Highlights fall further than another prompt takes them; shadows rise as in renders."""
    painted, rendered = rows["lift-generated-shadows"], rows["lift-rendered-shadows"]
    alike = painted.low < rendered.value < painted.high
    fallen = rows["lift-generated-highlights"].high < 0 and rows["lift-unlike-highlights"].high < 0
    return alike and fallen and rows["lift-unlike-shadows"].low > 0


def glare(rows: Rows) -> bool:
    return all(apart(rows, "finished-shadows", f"finished-{b}") for b in ("middle", "highlights"))


CLAIMS: dict[str, Claim] = {
    **MORE,
    "agreement-title": (
        *("measurements/agreement.md", "and not by colours alone", "agreement"),
        lambda rows: agreement(rows) and apart(rows, "control-shuffled", "control-turned"),
    ),
    "agreement-lead": (
        *("measurements/agreement.md", "Not all of that is a reflection", "agreement"),
        lambda rows: apart(rows, "generated-mirror-unnamed-floor", "control-matte"),
    ),
    "agreement-upright": (
        *("measurements/agreement.md", "the right way up adds", "agreement"),
        lambda rows: above_nought(rows, "mirror-more-than-turned"),
    ),
    "agreement-index": (
        *("measurements/index.md", "painted mirrors upside down still do", "agreement"),
        agreement,
    ),
    "mixing-painter": (
        *("measurements/mixing.md", "about as much as in renders", "mixing"),
        window,
    ),
    "mixing-chart": (
        *("measurements/mixing.md", "too bright over middle tones and highlights", "mixing"),
        glare,
    ),
    "reflections-chart": (
        *("papers/removing-reflections.md", "over middle tones and highlights", "mixing"),
        glare,
    ),
    "picking": (
        *("measurements/picking.md", "these three are not chance alone", "picking"),
        lambda rows: all(above_nought(rows, f"composite-{k}") for k in (2, 4, 8)),
    ),
    "picking-all": (
        *("measurements/picking.md", "which can be: of each prompt it is one picture", "picking"),
        lambda rows: (
            takes_in_nought(rows, "composite-16")
            and rows["composite-2"].high > rows["composite-16"].low
        ),
    ),
    "picking-title": (
        *("measurements/picking.md", "best of a few gains a point or two", "picking"),
        lambda rows: all(1 <= rows[f"composite-{k}"].value < 2.5 for k in (2, 4, 8)),
    ),
    "decided-title": (
        *("measurements/decided.md", "not later than what varies as much", "decided"),
        lambda rows: (
            all(above_nought(rows, f"body-{band}-later") for band in ("coarse", "fine"))
            and all(
                takes_in_nought(rows, f"mirror-body-after-alike-{b}") for b in ("coarse", "fine")
            )
        ),
    ),
    "decided-background": (
        *("measurements/decided.md", "an interval that takes in nought", "decided"),
        lambda rows: (
            takes_in_nought(rows, "mirror-body-after-background-coarse")
            and above_nought(rows, "mirror-body-after-background-fine")
        ),
    ),
    "decided-matte": (
        *("measurements/decided.md", "it settles before they do", "decided"),
        lambda rows: all(rows[f"matte-body-after-alike-{b}"].high < 0 for b in ("coarse", "fine")),
    ),
    "word-noise": (
        *("measurements/word.md", "about as far as other noise does,** or further", "word"),
        lambda rows: (
            takes_in_nought(rows, "finish-less")
            and all(rows[f"{role}-less"].high < 0 for role in ("colour", "world"))
        ),
    ),
    "word-looks": (
        *("measurements/word.md", "Only *car* looks at the car", "word"),
        lambda rows: (
            rows["object-iou-above-probes"].low > 3 * rows["world-iou-above-probes"].high
            and all(rows[f"{role}-iou-above"].high < 0 for role in ("finish", "colour"))
        ),
    ),
    "shape": (
        *("measurements/shape.md", "but from halfway on not all", "shape"),
        lambda rows: all(
            above_nought(rows, f"{of}-nearer-view-{step}")
            for of in ("normals", "mirrored", "sun")
            for step in (16, 20, 25, 30)
        ),
    ),
    "shape-before": (
        *("measurements/shape.md", "may be chance. Where", "shape"),
        lambda rows: takes_in_nought(rows, "normals-nearer-view-11"),
    ),
    "shape-all-steps": (
        *("measurements/shape.md", "no gain shows over all seven", "shape"),
        lambda rows: all(
            takes_in_nought(rows, f"{what}-nearer-view") for what in ("normals", "mirrored")
        ),
    ),
    "places": (
        *("measurements/places.md", "far nearer to the other words' than by exchanging", "places"),
        lambda rows: all(
            above_nought(rows, f"{role}-more{late}")
            for role in ("finish", "colour", "world", "metal")
            for late in ("", "-late")
        ),
    ),
    "places-inside": (
        *("measurements/word.md", "less than the bodywork's share", "places"),
        lambda rows: (
            apart(rows, "world-inside", "world-area")
            and apart(rows, "finish-area-late", "finish-inside-late")
            and apart(rows, "colour-area-late", "colour-inside-late")
        ),
    ),
    "cut": (
        *("measurements/cut.md", "both intervals reach down to zero", "cut"),
        lambda rows: (
            not above_nought(rows, "whole-less-cut") and not above_nought(rows, "control-less-cut")
        ),
    ),
    "repaint": (
        *("measurements/repaint.md", "more so than habit does", "repaint"),
        lambda rows: (
            above_nought(rows, "mirror-gain-coarse")
            and all(above_nought(rows, f"mirror-gain-tinted-{b}") for b in ("coarse", "fine"))
        ),
    ),
    "repaint-degrees": (
        *("measurements/repaint.md", "what it gains may be chance", "repaint"),
        lambda rows: takes_in_nought(rows, "mirror-gain-tinted-degrees"),
    ),
    "repaint-title": (
        *("measurements/repaint.md", "a painted mirror makes half of the right change", "repaint"),
        lambda rows: 0.45 <= rows["mirror-slope-painted"].value <= 0.55,
    ),
    "repaint-home": (
        *("index.md", "Of the true change from place to place, half is in the paint", "repaint"),
        lambda rows: (
            0.45 <= rows["mirror-slope-painted"].value <= 0.55
            and 1 / 3 < rows["mirror-slope-tinted"].value < 0.4
        ),
    ),
    "copied": (
        *("measurements/copied.md", "more than chance would give", "copied"),
        lambda rows: above_nought(rows, "more-whole"),
    ),
    "copied-cars": (
        *("measurements/copied.md", "than unseen renders, cars alone do not", "copied"),
        lambda rows: (
            above_nought(rows, "more-whole")
            and above_nought(rows, "more-surroundings")
            and not above_nought(rows, "more-car")
        ),
    ),
    "picked-a-little": (
        *(
            "index.md",
            "best of a few tries made what was asked a little likelier",
            "picking",
        ),
        lambda rows: all(above_nought(rows, f"composite-{k}") for k in (2, 4, 8)),
    ),
    "where-chart": (
        *("measurements/where.md", "names most worlds right, whatever the paint", "where"),
        lambda rows: min(rows[paint].low for paint in ("mirror", "glossy", "matte")) > 50,
    ),
    "quiz-chart": (
        *("measurements/quiz.md", "Upside down differs nearly as much as another place", "quiz"),
        lambda rows: (
            below(rows, "turned-differs", "other-differs")
            and rows["turned-differs"].value > 0.85 * rows["other-differs"].value
        ),
    ),
    "turning-view": (
        *("measurements/turning.md", "plainly longer than the view", "turning"),
        lambda rows: (
            min(rows[f"paint-{paint}-last"].low for paint in ("finish", "colour"))
            > max(rows[f"view-{view}-last"].high for view in ("view", "outline"))
        ),
    ),
    "turning-world": (
        *("measurements/turning.md", "perhaps longer than the world", "turning"),
        lambda rows: rows["paint-finish-last"].low < rows["chrome-background-last"].high,
    ),
    "turning-mirror": (
        *("measurements/turning.md", "no order of the two can be told", "turning"),
        lambda rows: all(
            rows[f"mirror-later-{end}"].low < 0 < rows[f"mirror-later-{end}"].high
            for end in ("last", "settled")
        ),
    ),
    "turning-parts": (
        *("measurements/turning.md", "Each is three pictures of thirty-two", "turning"),
        lambda rows: all(
            round(rows[name].value * 32 / 100) == 3 for name in ("split-16", "split-other-10")
        ),
    ),
    "under": (
        *(
            "measurements/under.md",
            "at the ninth little more than one, and that a wrong one",
            "under",
        ),
        lambda rows: 0.2 < rows["left-1"].value / 999 < 0.3 and rows["left-9"].high < 1.75,
    ),
    "under-list": (
        *("measurements/under.md", "at the ninth step no gain can be told", "under"),
        lambda rows: (
            above_nought(rows, "gained-3")
            and takes_in_nought(rows, "gained-9")
            and below(rows, "renders-3", "renders-4", "renders-9")
        ),
    ),
    "under-first": (
        *("measurements/under.md", "From the fourth step on it is nearer", "under"),
        lambda rows: (
            rows["nearer-1"].high < 0
            and takes_in_nought(rows, "nearer-3")
            and all(above_nought(rows, f"nearer-{step}") for step in (4, 6, 9, 16))
        ),
    ),
    "under-network": (
        *("measurements/under.md", "comes nearer to what does lie there", "under"),
        lambda rows: above_nought(rows, "nearer-6") and above_nought(rows, "nearer-9"),
    ),
    "means": (
        *("measurements/means.md", "two fifths to two thirds as far", "means"),
        lambda rows: all(
            0.375 <= rows[f"mean-{s}"].value / rows[f"ending-{s}"].value <= 0.7
            for s in (1, 4, 8, 12, 16, 20, 24)
        ),
    ),
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=list(CLAIMS))
def test_a_sentence_that_compares_is_what_the_rows_say(claim, materials):
    page, words, id, holds = claim
    rows = {row.name: row for row in materials.measurements[id].rows}
    assert words in " ".join(materials.prose[page].split()), f"{page}: its words have changed"
    assert holds(rows), f"{page}: {words}: no longer so; say what the rows of {id} say"
