"""Behind a claim stands a link to its evidence."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from gen.core.errors import BadInput
from gen.publish import evidence
from gen.publish.arithmetic import DERIVED
from gen.publish.wording import figure


def links(html: str) -> list[dict]:
    return [a.attributes for a in LexborHTMLParser(html).css("a")]


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_figure_is_followed_by_every_fact_that_it_is_worked_out_from(draft, name):
    html = evidence.derived(draft, name)
    assert html.startswith("<span title=")
    assert f">{DERIVED[name].value}</span>" in html
    assert len(links(html)) == len(DERIVED[name].facts)
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
    assert link["href"] == f"../../measurements/{id}/"
    assert f"95 % interval {row.low:.3g} to {row.high:.3g}, n = {row.n}" in link["title"]
    assert f">{figure(row.value)}</a>" in evidence.measured(draft, id, row.name)


def test_a_figure_of_a_capture_is_a_link_to_its_idea_and_names_the_capture(draft, materials):
    (link,) = links(evidence.measured(draft, "chrome-studio", "steps"))
    key = materials.keys[materials.prompt("x.md", "chrome-studio")]
    assert link["href"] == "../../ideas/chrome-studio/"
    assert link["title"] == f"denoising steps run; one capture by the Study model, {key}"


@pytest.mark.parametrize(
    ("of", "name", "says"),
    [
        ("agreement", "no-such-row", "measured: no row no-such-row in agreement"),
        ("chrome-studio", "stepps", "measured: no figure stepps; did you mean steps?"),
    ],
)
def test_what_was_not_measured_is_refused_with_its_page(draft, of, name, says):
    with pytest.raises(BadInput, match=f"^ideas/one.md: {says}"):
        evidence.measured(draft, of, name)


def test_a_figure_that_is_not_derived_is_refused(draft):
    with pytest.raises(BadInput, match=r"derived: no compresion; did you mean compression\?"):
        evidence.derived(draft, "compresion")
