"""The glossary: its entries, the marks that explain a term, and the site's own terms."""

import re
from pathlib import Path

import pytest

from gen.core.errors import BadProse
from gen.publish import glossary

DOCS = Path(__file__).parents[2] / "docs"
TEXT = """# Glossary

## U-Net { #u-net }

The painter <fast>,
as said. [@sd:a]

More of it. {{ ours() }}

## Latents { #latent }
What the [[U-Net]] paints. {{ ours() }}
"""
KNOWN = glossary.terms(TEXT)
WANTED = {  # what a reader who has never heard of any of it must find
    "attention", "autoencoder", "diffusion", "guidance", "judge", "latent", "linear-light", "noise",
    "path-tracing", "render", "sampler", "scheduler", "seed", "srgb", "step", "study-model",
    "text-encoder", "text-to-image", "token", "u-net",
}  # fmt: skip


def test_an_entry_is_its_first_paragraph():
    assert list(KNOWN) == ["u-net", "latent"]
    assert KNOWN["u-net"] == glossary.Term("u-net", "U-Net", "The painter <fast>, as said. [@sd:a]")


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ("## Noise", "Noise: is no entry; write it as ## Term { #term }, and below it what it"),
        ("## Noise { # }", "Noise { # }: is no entry"),
        ("## Noise {#noise}", "Noise {#noise}: is no entry"),
        ("## Noise #noise", "Noise #noise: is no entry"),
        ("## Noise { #latent }", "Noise: #latent stands above too; rename it"),
    ],
)
def test_what_stands_in_the_glossary_and_is_no_entry_is_told(heading, says):
    with pytest.raises(BadProse) as caught:
        glossary.terms(f"{TEXT}\n{heading}\n\nDots. {{{{ ours() }}}}\n")
    assert str(caught.value).startswith(f"docs/glossary.md:13: {says}")
    with pytest.raises(BadProse, match="Noise \\{ #noise \\}: is no entry"):
        glossary.terms(f"{TEXT}\n## Noise {{ #noise }}\n\n## Paint {{ #paint }}\n\nRed.\n")
    assert "noise" in glossary.terms(f"{TEXT}\n## Noise {{ #noise }} \n\nDots.\n")


def test_a_mark_becomes_a_button_and_the_card_that_it_opens():
    shown = glossary.explain("x.md", "See [[latents|latent]] there.", KNOWN)
    assert shown == (
        'See <button class="term" type="button" popovertarget="term-latent">latents</button>'
        '<span class="term-card" id="term-latent" popover="auto" data-search-exclude>'
        "<strong>Latents</strong> What the U-Net paints. {{ ours() }} "
        '<a href="{{ up }}glossary/#latent" data-search-exclude>Glossary</a></span> there.'
    )


def test_a_mark_in_code_stays_as_it_is_typed_and_one_of_code_keeps_its_words():
    text = "Write `[[latents|latent]]`.\n\n```\n[[U-Net]]\n```\n\n\\[[nose]]"
    assert glossary.explain("x.md", text, KNOWN) == text
    assert ">`latents`</button>" in glossary.explain("x.md", "[[`latents`|latent]]", KNOWN)


def test_in_the_glossary_a_mark_is_a_link_as_often_as_it_likes():
    shown = glossary.explain(glossary.PATH, "[[U-Net]] and [[U-Net]]", KNOWN)
    assert shown == "[U-Net](#u-net) and [U-Net](#u-net)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[u-nets]]", "did you mean u-net?"),
        ("[[U-Net]], then [[U-Net]]", "explained above already"),
        ("## The [[U-Net]]", "in a heading"),
    ],
)
def test_a_wrong_mark_is_refused_with_its_page(text, says):
    with pytest.raises(BadProse, match=r"^docs/x\.md:\d: \[\[") as caught:
        glossary.explain("x.md", text, KNOWN)
    assert says in str(caught.value)


def test_a_wrong_mark_behind_others_is_told_with_its_own_line():
    text = "[[U-Net]]. So.\n[[latents|latent]] [@sd:a].\n\n[[nose]]"
    with pytest.raises(BadProse, match=r"^docs/x\.md:4: \[\[nose\]\]: not in docs/glossary"):
        glossary.explain("x.md", text, KNOWN)


def test_the_site_explains_what_a_newcomer_needs():
    terms = glossary.terms((DOCS / glossary.PATH).read_text(encoding="utf-8"))
    assert set(terms) >= WANTED


ENTRY = "## {} {{ #{} }}\n\n{} {{{{ ours() }}}}\n\n"


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([("B", "b", "x"), ("A", "a", "x")], r"^docs/glossary\.md:5: A: out of the alphabet's"),
        ([("A", "a", "x " * 60), ("B", "b", "x")], r"^docs/glossary\.md:1: A: 6\d words; its card"),
        (
            [("A", "a", "x"), ("C c", "c", "x")],
            r"^docs/glossary\.md:5: C c: no page marks it; w",
        ),
    ],
)
def test_a_term_out_of_order_too_long_or_never_used_is_told(entries, problem):
    text = "".join(ENTRY.format(*entry) for entry in entries)
    prose = {glossary.PATH: text, "index.md": "An [[a]] and a [[thing|b]]."}
    with pytest.raises(BadProse, match=problem):
        glossary.refuse_unfit(prose)
    fit = "".join(ENTRY.format(title, id, "x") for title, id in (("A", "a"), ("B", "b")))
    glossary.refuse_unfit(prose | {glossary.PATH: fit})


@pytest.mark.parametrize(
    "mark", ["[@sd:a]", "[@sd:a; @acp:b]", '{{ shown("x", "y-z") }}', "{{ made() }}{{ ours() }}"]
)
def test_a_mark_of_evidence_stays_with_the_term_before_it(mark):
    text = glossary.explain("x.md", f"It is [[latents|latent]] {mark}. So", KNOWN)
    assert text.startswith('It is <span class="term-bound"><button class="term"')
    assert text.endswith(f"</span> {mark}.</span> So")


def test_no_mark_of_the_site_can_part_from_a_term(built):
    parted = re.compile(
        r'(<span class="term-bound">)?<button class="term"(?:(?!<button).)*?>Glossary</a></span>'
        r'[ \N{NO-BREAK SPACE}]?<a class="evidence (?:cited|made|ours|measured sign)"'
    )
    found = [mark for page in built.pages.values() for mark in parted.finditer(page.text)]
    assert found
    assert [mark[0][:120] for mark in found if not mark[1]] == []


def test_a_full_stop_stays_with_the_term_before_it():
    text = glossary.explain("x.md", "It is [[latents|latent]].", KNOWN)
    assert text.startswith('It is <span class="term-bound"><button class="term"')
    assert text.endswith("</span>.</span>")
