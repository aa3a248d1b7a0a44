"""What prose may call is a registry of its own; page templates may call more."""

import pytest

from gen.core.errors import BadProse
from gen.publish import macros
from gen.publish.drawing import VOCABULARY, Plan, draw, title_of

TEXT = "---\ntitle: One\n---\n\n# One\n\n{call}\n"


def test_every_macro_stands_in_the_vocabulary_and_says_what_it_turns_into():
    for name, function in (macros.PROSE | macros.TEMPLATES).items():
        assert function.__module__ in {module.__name__ for module in VOCABULARY}
        assert function.__name__ == name and function.__doc__
    assert not set(macros.PROSE) & set(macros.TEMPLATES)


def test_prose_may_not_call_what_is_there_for_page_templates(materials):
    text = TEXT.format(call="{{ captures() }}")
    with pytest.raises(BadProse, match="'captures' is undefined; correct the"):
        draw(Plan("x.md", text), materials)
    assert draw(Plan("x.md", text, template="x.md.j2"), materials).elements == {"captures"}


def test_prose_reaches_nothing_behind_what_it_may_call(materials):
    text = TEXT.format(call="{{ ours.func.__globals__ }}")
    with pytest.raises(BadProse, match="unsafe"):
        draw(Plan("x.md", text), materials)


def test_a_page_notes_what_it_cites_and_is_called(materials):
    text = TEXT.format(call="Eight. [@sd:eight-bit]")
    page = draw(Plan("a/b.md", text), materials)
    assert page.title == "One"
    assert page.facts == {("sd", "eight-bit")}
    assert 'class="evidence cited"' in page.text


def test_a_term_s_card_leads_to_the_glossary_from_where_the_page_stands(materials):
    text = TEXT.format(call="A [[U-Net]]. {{ ours() }}")
    assert '<a href="../../glossary/#u-net">' in draw(Plan("a/b.md", text), materials).text


@pytest.mark.parametrize(
    "text", ["# One", "---\nnote: x\n---\n", "---\n---\n", "---\ntitle:\n---\n"]
)
def test_a_page_without_a_title_is_refused(text):
    with pytest.raises(BadProse, match=r"^x\.md: has no title"):
        title_of("x.md", text)
