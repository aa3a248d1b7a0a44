"""What prose shows of a measurement: charts, figures, how it was made."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.core.measured import Row
from gen.publish import findings
from gen.publish.draft import Draft

PANEL = "No world named: they agree"


def block(draft: Draft) -> LexborHTMLParser:
    """What the last macro left aside."""
    return LexborHTMLParser(draft.blocks[-1])


def test_a_chart_gives_its_figures_in_words_and_in_a_table(draft, materials):
    findings.chart(draft, "agreement")
    rows = block(draft).css("tbody tr")
    assert len(rows) == len(materials.measurements["agreement"].rows)
    with pytest.raises(BadInput, match="chart: no measurement agreemnt; did you mean agreement"):
        findings.chart(draft, "agreemnt")


def test_what_a_page_begins_with_is_one_chart_that_does_not_come_again_below(draft, materials):
    findings.finding(draft, "agreement", PANEL, "They mostly agree")
    first = block(draft)
    assert [title.text() for title in first.css(".plot-title strong")] == ["They mostly agree"]
    assert not first.css("table, details, .plot-files")
    findings.chart(draft, "agreement")
    below = [panel.text() for panel in block(draft).css("details .plot-title strong")]
    rows = materials.measurements["agreement"].rows
    panels = {row.panel for row in rows if row.panel and row.value is not None}
    assert set(below) == panels - {PANEL}


def test_a_panel_that_is_not_there_is_refused_where_it_was_asked_for(draft):
    with pytest.raises(BadInput, match=f"no panel .*; did you mean {PANEL}"):
        findings.finding(draft, "agreement", f"{PANEL}e", "x")


def with_method(draft: Draft, text: str) -> Draft:
    known = draft.materials.measurements
    told = replace(known["agreement"], method=text)
    return replace(draft, materials=replace(draft.materials, measurements={"agreement": told}))


@pytest.mark.parametrize("words", [60, 61])
def test_a_long_account_of_how_it_was_measured_opens_behind_its_first_sentence(draft, words):
    text = f"Ten cars, 1.5 m high. Each {' '.join(['word'] * (words - 8))}. End <b>."
    shown = LexborHTMLParser(findings.method(with_method(draft, text), "agreement"))
    assert shown.body.text(separator=" ").replace("All of it", "").split() == text.split()
    folded = shown.css_first("details.method")
    assert (folded is not None) == (words > 60)
    if folded:
        assert shown.css_first("p").text() == "Ten cars, 1.5 m high."
        assert "open" not in folded.attributes


def test_what_is_folded_is_told_in_paragraphs_of_whole_sentences(draft):
    text = " ".join(f"{'Word ' * 24}{n}." for n in range(9))
    shown = LexborHTMLParser(findings.method(with_method(draft, text), "agreement"))
    assert [p.text()[-2:] for p in shown.css("details p")] == ["3.", "6.", "8."]


def by_step(draft: Draft) -> Draft:
    """With a measurement of four steps that keeps a sheet of four columns and four rows."""
    rows = tuple(
        Row(f"far-{k}", "Far, by step", str(k), "the guess", 1.0, None, None, 1, "%")
        for k in (1, 2, 4, 9)
    )
    kept = (("agreement-strip.webp", "0" * 64),)
    told = replace(draft.materials.measurements["agreement"], rows=rows, digests=kept)
    known = {"agreement": told}
    sizes = {**draft.materials.sizes, "agreement-strip.webp": (4 * 48, 4 * 32)}
    return replace(draft, materials=replace(draft.materials, measurements=known, sizes=sizes))


def test_below_an_axis_of_steps_stand_pictures_that_the_measurement_keeps(draft):
    stepped = by_step(draft)
    findings.chart(stepped, "agreement", ("Far, by step", "It is far"), strip=("strip", 4))
    spans = block(stepped).css(".plot-pictures > span")
    assert [span.attributes["style"] for span in spans] == [
        "--at:0.0%",
        "--at:37.5%",
        "--at:100.0%",
    ]
    assert [span.text().strip() for span in spans] == [
        "step 1",
        "step 4",
        "step 9",
    ]  # the second would touch the first
    frame = spans[1].css_first(".frame").attributes["style"]
    assert frame == "--column:2;--row:0;--columns:4;--rows:4;--ratio:48/32"
    with pytest.raises(BadInput, match=r"agreement keeps no agreement-stripe\.webp; did you"):
        findings.chart(stepped, "agreement", ("Far, by step", "x"), strip=("stripe", 4))


@pytest.mark.parametrize("wanted", [{"strip": ("strip", 4)}, {"steps_of": "chrome-studio"}])
def test_pictures_that_no_chart_by_step_in_sight_would_have_are_refused_in_a_line(draft, wanted):
    says = "^ideas/one.md: chart: no panel of agreement that is in sight goes by step, .*; name one"
    stepped = by_step(draft)
    with pytest.raises(BadInput, match=says):
        findings.chart(stepped, "agreement", **wanted)
    told = stepped.materials.measurements["agreement"]
    rows = tuple(replace(row, panel="Far, at all") for row in told.rows)
    other = {"agreement": replace(told, rows=rows)}
    flat = replace(stepped, materials=replace(stepped.materials, measurements=other))
    with pytest.raises(BadInput, match=says):
        findings.chart(flat, "agreement", ("Far, at all", "x"), **wanted)
    once = {"agreement": replace(told, rows=told.rows[:1])}
    short = replace(stepped, materials=replace(stepped.materials, measurements=once))
    with pytest.raises(BadInput, match=says):
        findings.chart(short, "agreement", ("Far, by step", "x"), **wanted)


@pytest.mark.parametrize(("count", "frames"), [(1, 1), (2, 2), (3, 2), (30, 5)])
def test_a_run_of_any_length_has_pictures_below_an_axis(draft, count, frames):
    stepped = by_step(draft)
    prompt, capture = draft.find("chrome-studio")
    key = stepped.materials.keys[prompt]
    short = replace(capture, steps=capture.steps[:count])
    captures = {**stepped.materials.captures, key: short}
    drawn = replace(stepped, materials=replace(stepped.materials, captures=captures))
    findings.chart(drawn, "agreement", ("Far, by step", "x"), steps_of="chrome-studio")
    assert len(block(drawn).css(".plot-pictures > span")) == frames
