"""Marks in prose: evidence, citations, numbers."""

import pytest

from gen.core.errors import BadProse, UnknownCitation
from gen.core.sources import Fact, Source
from gen.publish import claims

FACT = Fact("factor", "Each side shrinks by 8.", "a.yaml", "factor: 8")
SOURCE = Source("sd", "github", "t", "u", "r", "a", (FACT, Fact("other", "None.", "b", "b")))
FACTS = claims.facts_of((SOURCE,))


def test_paragraphs_are_blocks_and_list_items_that_read_as_sentences():
    text = """---
title: x
---
# Heading

One.
Still one.

!!! note
    Indented.

- item a
- item b

| a | b |
|---|---|

<div>raw</div>

[two]: steps.md
[three]: steps.md "Three"

{{ lab("x") }}

```
code
```
"""
    assert list(claims.paragraphs(text)) == ["One.\nStill one.", "item a", "item b"]


@pytest.mark.parametrize(
    "block",
    [
        "A side shrinks by 8. [@sd:factor]",
        "Ours. {{ ours() }}",
        'It took {{ measured("a", "b") }} steps.',
        "Look there. {{ guide() }}",
        "SD 1.5 and v1-5 are names. [@sd:factor]",
    ],
)
def test_a_paragraph_with_evidence_passes(block):
    claims.check("docs/x.md", block, FACTS)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("Chrome is learned.", "shows no evidence"),
        ("[Note]: Chrome is learned.", "shows no evidence"),
        ("[note]: steps.md\nChrome is learned.", "shows no evidence"),
        ("{{ lab('x') }}\nChrome is learned.", "shows no evidence"),
        ("Chrome is learned; write `[@sd:factor]`.", "shows no evidence"),
        ("A side shrinks by 9. [@sd:factor]", "9 stands in no fact"),
        ("It took 12 steps. {{ ours() }}", "12 stands in no fact"),
        ("- fine [@sd:factor]\n- bare", '"bare…" shows no evidence'),
    ],
)
def test_a_paragraph_without_evidence_is_refused(block, says):
    with pytest.raises(BadProse, match=says):
        claims.check("docs/x.md", block, FACTS)


def test_every_bad_paragraph_is_told_at_once():
    with pytest.raises(BadProse) as caught:
        claims.check("docs/x.md", "One.\n\nTwo.", FACTS)
    assert len(str(caught.value).splitlines()) == 2


def test_an_unknown_citation_names_the_nearest():
    with pytest.raises(UnknownCitation, match="did you mean sd:factor"):
        claims.check("docs/x.md", "A side shrinks. [@sd:facto]", FACTS)


def test_several_facts_in_one_mark():
    assert claims.citations("@sd:factor; @sd:other") == [("sd", "factor"), ("sd", "other")]


def test_claims_are_counted_by_the_kind_of_their_evidence():
    text = """# {{ ours() }}

A side shrinks [@sd:factor], so. [@sd:factor; @sd:other] {{ ours() }}

- {{ measured("a", "b") }} and {{ derived("c") }} and {{ measured("a", "d") }}
- Look there. {{ guide() }}

```
{{ ours() }}
```
"""
    counts = claims.count(text)
    assert counts == {"cited": 2, "measured": 2, "derived": 1, "ours": 1}
    assert claims.in_a_line(counts) == (
        "What this site claims, counted: 3 from the sources, 2 measured, 1 our own reading"
    )


def test_a_kind_without_claims_is_not_named():
    line = claims.in_a_line(claims.count("So it is. {{ ours() }}"))
    assert line == "What this site claims, counted: 1 our own reading"
    assert claims.in_a_line(claims.count("Look. {{ guide() }}")) == ""
