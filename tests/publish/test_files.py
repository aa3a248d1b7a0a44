"""The files beside the pages hold their figures in full."""

from dataclasses import replace

from gen.core.measured import Measurement, Row
from gen.publish import files


def test_curves_have_a_row_for_each_step_and_the_figures_of_the_capture_in_full(materials):
    capture = next(iter(materials.captures.values()))
    head, *rows = files.curves(capture)
    assert head == ("step", "timestep", "sigma", "distance", "guidance")
    assert len(rows) == len(capture.steps)
    assert [float(row[3]) for row in rows] == list(capture.curve("distance"))


def test_what_was_not_measured_is_empty_in_the_csv_of_a_measurement():
    row = Row("a", "", "x, y", "painted", None, None, None, 3, "%", "too few")
    head, line = files.rows(Measurement("m", "k", "Q?", "M.", "", (), (row,), ()))
    assert dict(zip(head, line, strict=True)) == {
        "name": "a", "panel": "", "label": "x, y", "series": "painted", "value": "", "low": "",
        "high": "", "n": "3", "unit": "%", "note": "too few",
    }  # fmt: skip


def test_a_comma_in_a_label_is_quoted(built):
    text = built.files["measurements/agreement.csv"].decode()
    assert text.startswith("name,panel,label,series,value,low,high,n,unit,note\n")
    assert "\r" not in text


def test_the_sites_own_card_shows_the_staged_picture(built, materials):
    assert built.cards[""].says == f"{built.ledger.titles['index.md']} Picture: a render"
    without = dict(
        (path, card) for path, card, _ in files.cards(replace(materials, staged={}), built.ledger)
    )
    assert without[""].says.endswith("Picture: Study model")


def test_a_card_says_the_title_and_whose_picture_it_shows(built):
    card = built.cards["ideas/chrome-studio.md"]
    assert card.says == f"{built.pages['ideas/chrome-studio.md'].title}. Picture: Study model"
