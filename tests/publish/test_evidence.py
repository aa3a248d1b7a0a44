"""Behind a claim stands a link to its evidence."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish import claims, evidence
from gen.publish.arithmetic import DERIVED
from gen.publish.draft import Draft
from gen.publish.drawing import Plan, draw
from gen.publish.idea_tags import slug
from gen.publish.wording import borne, figure


def links(html: str) -> list[dict]:
    return [a.attributes for a in LexborHTMLParser(html).css("a")]


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_figure_is_followed_by_every_fact_that_it_is_worked_out_from(draft, name):
    html = evidence.derived(draft, name)
    value, *facts = links(html)
    assert html.startswith('<a class="evidence derived"')
    assert f">{DERIVED[name].value}</a>" in html
    assert value["data-says"].lower() == DERIVED[name].says.lower()
    assert len(facts) == len(DERIVED[name].facts)
    assert draft.facts == {("sd", fact) for fact in DERIVED[name].facts}


def test_a_citation_links_to_lines_of_code_or_to_the_entry_of_a_paper(draft, materials):
    paper = next(source for source in materials.inputs.sources if source.kind == "arxiv")
    lines, entry = links(evidence.cite(draft, f"@sd:eight-bit; @{paper.id}:{paper.facts[0].id}"))
    assert "/blob/" in lines["href"] and "#L" in lines["href"]
    assert entry["href"] == f"../../sources/#{paper.id}-{paper.facts[0].id}"


def test_a_row_of_a_measurement_is_a_link_to_it_with_interval_and_number(draft, materials):
    id, measurement = next(iter(materials.measurements.items()))
    row = next(row for row in measurement.rows if row.low is not None)
    (link,) = links(evidence.measured(draft, id, row.name))
    assert link["href"] == f"../../measurements/{id}/#row-{slug(row.name)}"
    assert f"95 % interval {row.low:.3g} to {row.high:.3g}, n = {row.n}" in link["data-says"]
    rounded = borne(row.value, row.low, row.high)
    assert rounded != figure(row.value), "a row whose interval bears less than three digits"
    assert f">{rounded}</a>" in evidence.measured(draft, id, row.name)


def test_a_page_can_say_of_how_many_a_figure_is_in_no_typed_number(draft, materials):
    row = next(row for row in materials.measurements["where"].rows if row.name == "mirror")
    html = evidence.counted(draft, "where", "mirror")
    (link,) = links(html)
    assert link["href"] == "../../measurements/where/#row-mirror"
    assert f">{row.n}</a>" in html and f"n = {row.n}" in link["data-says"]
    with pytest.raises(BadInput, match="counted: no row mirorr in where; did you mean mirror"):
        evidence.counted(draft, "where", "mirorr")


def test_a_sentence_in_words_says_on_which_rows_it_rests(draft, materials):
    id, measurement = next(iter(materials.measurements.items()))
    first, second = [row for row in measurement.rows if row.low is not None][:2]
    html = evidence.shown(draft, id, first.name, second.name)
    (link,) = links(html)
    assert link["class"] == "evidence measured sign"
    assert link["href"] == f"../../measurements/{id}/#row-{slug(first.name)}"
    for row in (first, second):
        rounded = borne(row.value, row.low, row.high)
        assert f"{rounded} {row.unit}, 95 % interval" in link["data-says"]
    assert ">measured</span></a>" in html, "what a screen reader says of it"


def test_rows_that_are_called_alike_are_told_apart_by_their_panels(draft):
    (link,) = links(
        evidence.shown(draft, "repaint", "mirror-coarse-painted", "mirror-fine-painted")
    )
    one, other = link["data-says"].split("; ")
    assert one.startswith("Correlation in the large: repainted, mirror: ")
    assert other.startswith("Correlation in fine detail: repainted, mirror: ")


@pytest.mark.parametrize(
    ("of", "names", "says"),
    [
        ("agreemant", ("cut",), "shown: no measurement agreemant; did you mean agreement?"),
        ("agreement", ("no-such-row",), "shown: no row no-such-row in agreement"),
        ("agreement", (), "shown: agreement: names no row"),
    ],
)
def test_words_that_rest_on_nothing_measured_are_refused(draft, of, names, says):
    with pytest.raises(BadInput, match=says):
        evidence.shown(draft, of, *names)


def test_a_figure_of_a_capture_is_a_link_to_its_idea_and_names_the_capture(draft, materials):
    (link,) = links(evidence.measured(draft, "chrome-studio", "steps"))
    key = materials.keys[materials.prompt("x.md", "chrome-studio")]
    assert link["href"] == "../../ideas/chrome-studio/#figure-steps"
    assert link["data-says"] == f"Denoising steps run; one capture by the Study model, {key}"


@pytest.mark.parametrize(
    ("of", "name", "says"),
    [
        ("agreement", "no-such-row", "measured: no row no-such-row in agreement"),
        ("chrome-studio", "stepps", "measured: no figure stepps; did you mean steps?"),
        (
            "agrement",
            "x",
            "measured: no measurement and no prompt agrement; did you mean agree",
        ),
        (
            "chrome-studoi",
            "x",
            "measured: no measurement and no prompt chrome-studoi; did",
        ),
    ],
)
def test_what_was_not_measured_is_refused_with_its_page(draft, of, name, says):
    with pytest.raises(BadInput, match=f"^ideas/one.md: {says}"):
        evidence.measured(draft, of, name)


def test_a_figure_that_is_not_derived_is_refused(draft):
    with pytest.raises(BadInput, match=r"derived: no compresion; did you mean compression\?"):
        evidence.derived(draft, "compresion")


MARKED = """\
---
title: One
---

# One

The [[U-Net]] reads them [@sd:words-answer]. Eight bits [@sd:eight-bit] each {{ ours() }}.

Again eight [@sd:eight-bit], measured {{ measured("chrome-studio", "steps") }}. {{ made() }}
"""


def test_notes_are_numbered_as_the_page_is_read_and_say_it_in_full(materials):
    page = draw(Plan("a/b.md", MARKED), materials)
    prose = LexborHTMLParser(evidence.CARD.sub("", page.text))
    numbers = [mark.attributes["data-note"] for mark in prose.css("a.cited")]
    assert numbers == ["1", "2", "2"]
    assert [mark.text()[0] for mark in prose.css("a.cited")] == numbers
    notes = LexborHTMLParser(page.blocks[-1])
    items = notes.css("li")
    assert [item.attributes["id"] for item in items] == [
        f"note-{n}" for n in range(1, 1 + len(items))
    ]
    for item, ids in zip(items, ("words-answer", "eight-bit"), strict=False):
        fact = materials.facts["sd", ids][1]
        assert item.css_first("q").text() == fact.says
        assert fact.place in item.css_first("a").text()
        assert (
            item.css_first("a").attributes["href"]
            == links(evidence.link(Draft(materials, "a/b.md"), ("sd", ids)))[0]["href"]
        )


def test_a_page_without_marks_has_no_notes(materials):
    page = draw(Plan("a.md", "---\ntitle: One\n---\n\n# One\n\nSee. {{ guide() }}\n"), materials)
    assert page.blocks == ()


def test_a_numeral_stands_at_its_word_and_a_dot_begins_no_line(materials):
    text = draw(Plan("a/b.md", MARKED), materials).text
    assert 'bits<a class="evidence cited"' in text
    assert 'each\u00a0<a class="evidence ours"' in text


def test_every_measured_mark_of_the_site_leads_to_a_row_that_is_there(built, materials):
    """The row stands in a table that the page of the measurement, or of the idea, has."""
    held = {path: "".join(page.blocks) for path, page in built.pages.items()}
    marks = [
        a for page in built.pages.values() for a in LexborHTMLParser(page.text).css("a.measured")
    ]
    assert len(marks) > 20
    for mark in marks:
        path, _, row = mark.attributes["href"].replace("../", "").rpartition("/#")
        assert f'id="{row}"' in held.get(f"{path}.md", held.get(f"{path}/index.md", ""))


def test_a_figure_of_a_model_without_weights_says_so_and_leads_to_its_diagram(draft):
    (link,) = links(evidence.measured(draft, "chrome-studio", "parameters", model="sd15"))
    assert link["href"] == "../../workflow/#diagram-chrome-studio-sd15"
    assert link["data-says"].endswith("worked out for Stable Diffusion 1.5 without its weights")
    with pytest.raises(BadInput, match="no figure steps"):
        evidence.measured(draft, "chrome-studio", "steps", model="sd15")


def test_a_sign_stays_on_the_line_of_the_word_before_it_and_a_figure_need_not(draft, materials):
    id, measurement = next(iter(materials.measurements.items()))
    row = next(row for row in measurement.rows if row.value is not None)
    signs = evidence.shown(draft, id, row.name), evidence.made(draft), evidence.ours(draft)
    for sign in signs:
        assert f"word\N{NO-BREAK SPACE}{sign}" in evidence.noted(draft, f"A word {sign}.")
    figure = evidence.measured(draft, id, row.name)
    assert f"word {figure}" in evidence.noted(draft, f"A word {figure}.")


DID = r"drew|painted|path-traced|rendered|trained|built|asked|changed|cut|swapped|exchanged|tried"
WE_DID = re.compile(rf"(?:^|[.:?!] |, so )(?:(?:So|Then|To find out,) )?[Ww]e (?:{DID})\b")


def test_what_we_did_is_marked_as_made_by_us_and_not_as_a_reading(materials):
    told = [
        f"{path}: {block[:60]}"
        for path, text in materials.prose.items()
        for block in map(" ".join, map(str.split, claims.paragraphs(text)))
        if WE_DID.search(block) and "{{ made(" not in block
    ]
    assert told == []
