"""gen/publish/comparing.py: what sources say of a comparison stands on its page, cited."""

from dataclasses import replace

import pytest

from gen.core.errors import BadProse, UnknownCitation
from gen.publish import comparing


@pytest.fixture
def sampler(materials):
    return next(c for c in materials.inputs.comparisons if c.id == "sampler")


def test_the_samplers_page_cites_what_the_repository_has_of_ddim_and_plms(draft, sampler):
    said = comparing.said_of(draft, sampler)
    assert {("sd", "sampler-choice"), ("sd", "plms")} <= draft.facts
    assert said.count('class="evidence cited"') == 2
    assert "[@" not in said
    assert "PLMS" in said


def test_where_nothing_is_said_nothing_stands(draft, sampler):
    assert comparing.said_of(draft, replace(sampler, says=None)) == ""
    assert not draft.facts


def test_all_but_the_citation_is_text(draft, sampler):
    said = comparing.said_of(draft, replace(sampler, says="<b>*x*</b> {{ 1 }} [@sd:plms] [[y]]"))
    assert "<b>" not in said and "*" not in said and "{{" not in said and "[[" not in said
    assert draft.facts == {("sd", "plms")}


@pytest.mark.parametrize(
    ("says", "error", "line"),
    [
        ("It is so.", BadProse, 'sampler > says: "It is so.…" shows no evidence; cite a fact'),
        ("It is [@sd:plmz].", UnknownCitation, "sd:plmz.*did you mean sd:plms"),
        ("Of 7 [@sd:plms].", BadProse, "7 stands in no fact cited there"),
    ],
)
def test_what_is_not_cited_is_refused_with_its_place(draft, sampler, says, error, line):
    with pytest.raises(error, match=line) as refused:
        comparing.said_of(draft, replace(sampler, says=says))
    assert str(refused.value).startswith("sources/prompts.yml:288: comparisons > sampler > says")
