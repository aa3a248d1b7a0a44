"""What was to be a mark or a link, and would stand on the page as it was typed."""

import pytest

from gen.core.errors import BadProse
from gen.publish import half_typed
from gen.publish.drawing import Plan, draw

SOURCES = ("sd", "acp")
PAGE = "---\ntitle: One\n---\n\n# One\n\nIt is so. {{ ours() }}\n"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("The [[seed] again.", "'[[seed' is half a mark; write [[word]] or [[words|term]]"),
        ("The [seed]] again.", "'[seed]]' is half a mark; write [[word]]"),
        ("So it is [@sd:steps and more.", "'[@sd:steps' is half a mark; write [@source:fact]"),
        ("So it is [sd:steps].", "'[sd:steps' is half a mark; write [@source:fact]"),
        ("So it is [@ sd:steps].", "'[@ sd:steps' is half a mark; write [@source:fact]"),
        ("So it is [@sd].", "'[@sd' is half a mark; write [@source:fact]"),
        ("So it is [@sd:a, @sd:b].", "'[@sd:a' is half a mark; write [@source:fact], or [@sou"),
        ("It is {{ ours() }} }} so.", "half a mark; write {{ mark() }}"),
        ("A [[word|Word]] again.", "'[[word|Word]]' is half a mark; an id has a-z, 0-9 and"),
        ("## More {#more}", "is half a mark; write { #id } with its space"),
        ("One {#one} and {#two #} more.", "is half a mark; write { #id } with its space"),
        ("A `half and then [[word.", "'[[word.' is half a mark; write [[word]]"),
        ('made("x") so.', "is half a mark; write {{ mark() }}"),
        ("So it is (@sd:steps).", "'(@sd:steps' is half a mark; write [@source:fact]"),
        ("So it is @sd:steps].", "'@sd:steps' is half a mark; write [@source:fact]"),
        ("It is { measured('word', 'x') }.", "half a mark; write {{ mark() }}"),
        ("It is measured('word', 'x').", "half a mark; write {{ mark() }}"),
        ("It is measured('word') }} so.", "half a mark; write {{ mark() }}"),
        ("It is {{ measured('word', 'x').", "correct the {{ … }} there"),
        ("It is {% if x so.", "half a mark; write {% … %}"),
        ("See [there](steps.md now.", "'](steps.md' is half a mark; write [words](page.md)"),
        ("See [there]() now.", "']()' is half a mark; write [words](page.md)"),
        ("See [there](some steps.md) now.", "half a mark; write [words](page.md)"),
        ("See [there(steps.md) now.", "'[there(steps.md)' is half a mark; write [words](page.md)"),
        ("See there](steps.md#top).", "'](steps.md#top)' is half a mark; write [words](page.md)"),
        ("| a | b |\n| - | - |\n| 1 | [[seed] |", "'[[seed' is half a mark"),
    ],
)
def test_a_mark_typed_by_half_is_told_with_its_line(materials, typed, says):
    with pytest.raises(BadProse) as raised:
        draw(Plan("a.md", f"{PAGE}\n{typed} {{{{ ours() }}}}\n"), materials)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"docs/a.md:{9 + typed.count(chr(10))}: ") and says in line


def test_every_line_with_a_mark_typed_by_half_is_told_at_once():
    with pytest.raises(BadProse) as raised:
        half_typed.refuse("a.md", f"{PAGE}[[one] and [@sd:two\n\nand [three](four\n", SOURCES)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        "docs/a.md:8",
        "docs/a.md:10",
    ]


def test_front_matter_that_does_not_end_is_told_as_that(materials):
    with pytest.raises(BadProse) as raised:
        draw(Plan("a.md", "---\ntitle: One\n\n# One\n\nSo. {{ ours() }}\n"), materials)
    assert str(raised.value) == "docs/a.md:1: front matter without its end; write --- below it"


def test_a_stray_backtick_hides_no_other_paragraph_and_a_bare_mark_stands_on_its_own_line():
    text = f"{PAGE}\nA `half.\n\nSee [[this.\n\nlab('x')\n\n`x`\n"
    with pytest.raises(BadProse) as raised:
        half_typed.refuse("a.md", text, SOURCES)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        "docs/a.md:11",
        "docs/a.md:13",
    ]
    with pytest.raises(BadProse, match=r"^docs/a.md:9: '\[\[some words\]\]' is half a mark; keep"):
        half_typed.refuse("a.md", f"{PAGE}\n[[some\nwords]] here\n", SOURCES)


@pytest.mark.parametrize(
    "typed",
    [
        '[a](x.md \'T\') [a](x.md (T)) [a](x.md "The \\"T\\"") [a]( x.md ) [a](<my x.md>).',
        "[the [inner] words](x.md), ![a [b] c](x.svg), [array\\[0\\]](x.md), [array [0]](x.md).",
        "Some picture(s), question(s), path(s) and models(two); what we made(see there).",
        "The file (index.md), (see steps.md), or mail us@home: we answer at http://u@host:80.",
        "<!-- todo [[noise --> <code class='x'>[[a</code> <kbd>[[</kbd> \\[[x\\]]",
        "- one\n\n    ~~~\n    [[seed]\n    ~~~\n",
        "{% raw %}{{ measured( {% endraw %}",
        "`[[seed]` and `{{ measured(` are typed so.",
        "```\n[[seed] {{ measured( [a](b\n```",
        'See [it](steps.md#a-b), [it](x.md "a title"), [two\nlines](<x.md>), [it](a(b).md).',
        "See [![a picture](x.webp)](steps.md) and [a][b].",
        "What we made (see there) and what was shown (there).",
        "{# [[seed] #} One [2] or [3] of f(x) = {1, 2}.",
    ],
)
def test_what_is_whole_or_is_no_mark_passes(typed):
    half_typed.refuse("a.md", PAGE + typed, SOURCES)
