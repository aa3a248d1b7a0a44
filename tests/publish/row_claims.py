"""Claims on colour, guidance, highlights and what was asked for; helpers of all claims."""

from collections.abc import Callable

from gen.core.measured import Row

FINISHES = ("mirror", "brushed", "glossy", "satin", "matte")
PACKED = "rendered-through-the-autoencoder"
PAINTING = f"{{}}-white-{PACKED}-above-generated"
BANDS = ("fine", "middle", "coarse")
WON = ("own-curve", "table")
Rows = dict[str, Row]
Claim = tuple[str, str, str, Callable[[Rows], bool]]  # page, its words, whose rows, what they say


def below(rows: Rows, *names: str) -> bool:
    """Whether each figure is less than the next."""
    values = [rows[name].value for name in names]
    return values == sorted(values)


def apart(rows: Rows, less: str, more: str) -> bool:
    """Whether the intervals of two rows do not meet, the first below the second."""
    return rows[less].high < rows[more].low


def above_nought(rows: Rows, name: str) -> bool:
    return rows[name].low > 0


def takes_in_nought(rows: Rows, name: str) -> bool:
    return rows[name].low <= 0 <= rows[name].high


def added(rows: Rows, kind: str) -> list[str]:
    """What each scale of guidance has more than the one before, and the highest than none."""
    found = [name for name in rows if name.startswith(f"{kind}-") and "-above-" in name]
    assert len(found) == 5
    return found


def squeezed(rows: Rows) -> bool:
    """Curve and table win light above white back; what has a convolution is worse than nothing."""
    gain = {way: rows[f"{way}-less-untouched-highlights"] for way in (*WON, "both", "convolution")}
    won = all(row.low > 0 for way, row in gain.items() if way in WON)
    return won and all(row.high < 0 for way, row in gain.items() if way not in WON)


def little(rows: Rows) -> bool:
    """What the network gains may be chance, and the table is nearer."""
    above = above_nought(rows, "table-less-network-highlights")
    return above and takes_in_nought(rows, "network-less-untouched-highlights")


MORE: dict[str, Claim] = {
    "colour-lead": (
        *("measurements/colour.md", "leaves it further off than the picture left alone", "colour"),
        squeezed,
    ),
    "colour-paper": (
        *("papers/colour-correction.md", "Our convolution makes that worse", "colour"),
        squeezed,
    ),
    "colour-index": (
        *("measurements/index.md", "further off than nothing does", "colour"),
        squeezed,
    ),
    "colour-network": (
        *("measurements/colour.md", "gains little above white, if anything", "colour"),
        little,
    ),
    "colour-network-paper": (
        *("papers/colour-correction.md", "gained little, if anything", "colour"),
        little,
    ),
    "colour-chart": (
        *("measurements/colour.md", "only the right curve and a learned table gain", "colour"),
        lambda rows: (
            [
                row.name.removesuffix("-less-untouched-highlights")
                for row in rows.values()
                if row.name.endswith("-less-untouched-highlights") and row.low > 0
            ]
            == ["table", "own-curve"]
        ),
    ),
    "guidance-finish": (
        *("measurements/guidance.md", "and so may what each scale adds to the one", "guidance"),
        lambda rows: all(takes_in_nought(rows, name) for name in added(rows, "finish")),
    ),
    "guidance-white": (
        *("measurements/guidance.md", "From there on each scale adds some", "guidance"),
        lambda rows: (
            [name for name in added(rows, "near-white") if takes_in_nought(rows, name)]
            == ["near-white-2-above-1"]
        ),
    ),
    "guidance-shades": (
        *("measurements/guidance.md", "Each scale adds to the one before it, ours", "guidance"),
        lambda rows: all(above_nought(rows, name) for name in added(rows, "clipped")),
    ),
    "guidance": (
        *("measurements/guidance.md", "only the highest scale is past the renders", "guidance"),
        lambda rows: (
            [s for s in (1, 2, 4, 8, 15) if above_nought(rows, f"more-mirrors-white-{s}")] == [15]
        ),
    ),
    "guidance-mirrors": (
        *("measurements/guidance.md", "no more than all bodies together", "guidance"),
        lambda rows: below(rows, "generated-mirrors-white-15", "generated-near-white-15"),
    ),
    "highlights": (
        *("measurements/highlights.md", "Less of a painted mirror is near white", "highlights"),
        lambda rows: above_nought(rows, "mirror-white-rendered-above-generated"),
    ),
    "highlights-packing": (
        *("measurements/highlights.md", "The painting takes a further", "highlights"),
        lambda rows: (
            above_nought(rows, f"mirror-white-rendered-above-{PACKED}")
            and above_nought(rows, PAINTING.format("mirror"))
        ),
    ),
    "highlights-others": (
        *("measurements/highlights.md", "Of satin and matte paint", "highlights"),
        lambda rows: (
            [f for f in FINISHES if above_nought(rows, f"{f}-white-rendered-above-generated")]
            == ["mirror", "brushed", "glossy"]
            and takes_in_nought(rows, PAINTING.format("brushed"))
            and takes_in_nought(rows, PAINTING.format("glossy"))
        ),
    ),
    "highlights-pure": (
        *("measurements/highlights.md", "burns out points that light had left", "highlights"),
        lambda rows: (
            rows[f"chrome-pure-rendered-above-{PACKED}"].high < 0
            and takes_in_nought(rows, "chrome-pure-rendered-above-generated")
            and takes_in_nought(rows, f"chrome-pure-{PACKED}-above-generated")
        ),
    ),
    "highlights-tinted": (
        *("measurements/highlights.md", "painted they have less of it, too", "highlights"),
        lambda rows: all(
            above_nought(rows, f"{metal}-white-rendered-above-generated")
            for metal in ("chrome", "gold and copper")
        ),
    ),
    "highlights-bands": (
        *(
            "measurements/highlights.md",
            "nearer than that of matte paint cannot be told",
            "highlights",
        ),
        lambda rows: all(
            above_nought(rows, f"mirror-{band}-nearer")
            and takes_in_nought(rows, f"brushed-{band}-nearer")
            for band in BANDS
        ),
    ),
    "highlights-bands-packed": (
        *("measurements/highlights.md", "At each size, in both metals, the packing", "highlights"),
        lambda rows: all(
            above_nought(rows, f"{metal}-{band}-packed-nearer")
            for metal in ("mirror", "brushed")
            for band in BANDS
        ),
    ),
    "asked-renders": (
        *("measurements/asked.md", "own scenes in finish, the interval leaves open", "asked"),
        lambda rows: takes_in_nought(rows, "above-renders-finish"),
    ),
    "asked-guidance": (
        *("measurements/asked.md", "points in the finish, which may be chance", "asked"),
        lambda rows: (
            takes_in_nought(rows, "guidance-finish") and above_nought(rows, "guidance-colour")
        ),
    ),
    "raised": (
        *("measurements/raised.md", "none is found, and the intervals allow one", "raised"),
        lambda rows: all(
            takes_in_nought(rows, f"favour-{kind}") for kind in ("finish", "world", "view")
        ),
    ),
    "raised-colour": (
        *("measurements/raised.md", "its interval ends at zero", "raised"),
        lambda rows: rows["favour-colour"].value > 0 and rows["favour-colour"].low == 0,
    ),
    "study-colour": (
        *("study-model.md", "read better or worse than that of renders, the interval", "asked"),
        lambda rows: takes_in_nought(rows, "above-renders-colour-new"),
    ),
    "study-critic": (
        *("study-model.md", "was trained once, and these figures have no interval", "asked"),
        lambda rows: (
            not any(
                rows[f"critic-{figure}-{when}"].low is not None
                for figure in ("edges", "psnr")
                for when in ("before", "after", "without")
            )
        ),
    ),
}
