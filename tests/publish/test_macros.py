"""What prose may call is a registry of its own; page templates may call more."""

import pytest

from gen.core.errors import BadProse, BuildError
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
    with pytest.raises(BadProse, match="'captures' is undefined; did you mean uncaptured"):
        draw(Plan("x.md", text), materials)
    assert draw(Plan("x.md", text, template="x.md.j2"), materials).elements == {"captures"}


def test_prose_reaches_nothing_behind_what_it_may_call(materials):
    text = TEXT.format(call="{{ ours.func.__globals__ }}")
    with pytest.raises(BadProse, match="unsafe"):
        draw(Plan("x.md", text), materials)


LAB = '{{ lab("chrome-studio") }}'


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("{{ measured() }}", "7: measured() missing 2 required positional arguments"),
        ("{{ 1/0 }}", "7: division by zero; correct the {{ … }} there"),
        ("{{ 'a' + 1 }}", "7: can only concatenate str"),
        ("{{ lab(3) }}", "7: "),
        ("{{ lab( }}", "7: unexpected '}', expected ')'; correct the {{ … }} there"),
        ("{% for %}", "7: Expected an expression, got 'end of statement block'"),
        ("{{ range(10 ** 10) | list }}", "7: Range too big"),
        ("{{ lab.func.__globals__ }}", "7: access to attribute '__globals__' of 'function'"),
        ("{% include '/etc/passwd' %}", "7: /etc/passwd; correct the {{ … }} there"),
        ('{{ lab("chrom-studio") }}', "7: no prompt chrom-studio for the required model; did"),
        (f"One.\n\n{LAB}\n\n{LAB}", '7: "One.…" shows no evidence'),
        (f"{LAB}\n\n{LAB}", "9: lab: stands on this page already; remove one"),
        (f"See {LAB} here. {{{{ ours() }}}}", '7: "See": a block stands on its line'),
        ("A\n[[nothing]]. {{ ours() }}", "8: [[nothing]]: not in docs/glossary.md"),
        ("One. {{ made }} {{ ours() }}", "7: made: is a mark without its brackets; write made(…)"),
        ("One. {{ ours() }} {{ guide }}", "7: guide: is a mark without its brackets"),
        ("One. {{ ours() }} {{ ours ~ 'x' }}", "7: ours: is a mark without its brackets"),
        ("One. {{ ours() }} {{ ours | upper }}", "7: ours: is a mark without its brackets"),
        ("One. {{ our() }} {{ ours() }}", "7: 'our' is undefined; did you mean ours?"),
        ("One. {{ ours() }} {{ range }}", "7: range: is a mark without its brackets"),
        ("A [@sd:eight-bits].", "7: [@sd:eight-bits] is not in sources/sources.yml; did you mean"),
    ],
)
def test_what_a_mark_brings_about_is_one_line_with_its_place(materials, call, says):
    with pytest.raises(BuildError) as raised:
        draw(Plan("a/b.md", TEXT.format(call=call)), materials)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"docs/a/b.md:{says}")


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("title: Task: two", ":2: not YAML: mapping values are not allowed in this context; corr"),
        ("note: x\ntitle: 2026-01-01", ":3: title: datetime.date(2026, 1, 1) is no text; put it"),
        ("title: [a, b]", ":2: title: ['a', 'b'] is no text; put it in quotation marks"),
        ("title: x\ndescription: 3", ":3: description: 3 is no text; put it in quotation marks"),
        ("- a", ": its front matter is no list of names; give title: …"),
        (
            "title: x\ndate: 2026-13-45",
            ": holds a value that YAML cannot read (month must be in 1..12",
        ),
    ],
)
def test_front_matter_that_says_no_title_is_one_line(front, says):
    with pytest.raises(BuildError) as raised:
        title_of("x.md", f"---\n{front}\n---\n\n# One\n")
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"docs/x.md{says}")


def test_a_page_notes_what_it_cites_and_is_called(materials):
    text = TEXT.format(call="Eight. [@sd:eight-bit]")
    page = draw(Plan("a/b.md", text), materials)
    assert page.title == "One"
    assert page.facts == {("sd", "eight-bit")}
    assert 'class="evidence cited"' in page.text


def test_a_term_s_card_leads_to_the_glossary_from_where_the_page_stands(materials):
    text = TEXT.format(call="A [[U-Net]]. {{ ours() }}")
    assert (
        '<a href="../../glossary/#u-net" data-search-exclude>'
        in draw(Plan("a/b.md", text), materials).text
    )


@pytest.mark.parametrize(
    "text", ["# One", "---\nnote: x\n---\n", "---\n---\n", "---\ntitle:\n---\n"]
)
def test_a_page_without_a_title_is_refused(text):
    with pytest.raises(BadProse, match=r"^docs/x\.md: has no title"):
        title_of("x.md", text)
