"""gen/publish/lean_script.py: scripts without comments and indents, and nothing else changed."""

from pathlib import Path

import pytest
from tree_sitter import Node

from gen.publish.lean_script import PARSER, lean

SCRIPTS = sorted(Path("docs/assets/js").rglob("*.js"))


def plain(script: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in script.splitlines() if line.strip())


def test_comments_and_indents_go_and_texts_stay():
    script = """/** Says. */
export const a = (b) => {
  // of b
  const url = "https://x.example"; // kept
  return `one // no comment
    ${b ? ` two  ${b} /* neither */` : ""}  three`; /* gone */
};
"""
    assert (
        plain(lean(script))
        == """export const a=(b)=>{const url="https://x.example";return `one // no comment
    ${b ? ` two  ${b} /* neither */` : ""}  three`;};
"""
    )


@pytest.mark.parametrize(
    ("script", "shipped"),
    [
        ("let a = b/* c */in d;\n", "let a=b in d;\n"),
        ("a = /[/*]x  y/.test(b) // c\nb = 2\n", "a=/[/*]x  y/.test(b)\nb=2\n"),
        ("class A {\n  #a = 1; /** @type {x} */\n\n\n  #b;\n}\n", "class A{#a=1;#b;}\n"),
    ],
)
def test_what_stood_round_a_comment_stays_apart(script, shipped):
    assert plain(lean(script)) == shipped


def test_a_comment_alone_leaves_no_line_behind():
    script = (
        "// one\n\n/** two */\nconst a = 1;\n\n  /* three */\n  // four\nconst b = `\n\n  c`;\n"
    )
    assert lean(script) == "const a=1;const b=`\n\n  c`;"


@pytest.mark.parametrize(
    ("script", "shipped"),
    [
        ("a\n(b)\nc = d\n++e\n", "a\n(b)\nc=d\n++e\n"),  # each of them ends, or goes on
        ("f(\n  a,\n  b\n)\ng()\n", "f(a,b)\ng()\n"),
        ("if (a) {\n  b()\n}\nelse c();\nd\n", "if(a){b()}\nelse c();d\n"),
        ("a = [\n  `;\n}`,\n  /;\\}/\n]\n", "a=[`;\n}`,/;\\}/]\n"),
        ("a = b - -c + + d > e ? .5 : f\n", "a=b - -c + + d > e ? .5:f\n"),
        ("for (const [a] of [b])\n  c()\n", "for(const[a]of[b])\nc()\n"),
    ],
)
def test_a_line_ends_where_a_statement_may(script, shipped):
    assert lean(script) == shipped


def signs(node: Node) -> list[bytes]:
    """What a program says, sign by sign."""
    if node.type == "comment":
        return []
    if not node.children or node.type in ("string", "template_string", "regex"):
        return [node.text or b""]
    return [sign for child in node.children for sign in signs(child)]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_what_ships_says_the_same_sign_by_sign(script):
    written = script.read_text()
    shipped = lean(written)
    told, meant = (signs(PARSER.parse(text.encode()).root_node) for text in (shipped, written))
    assert told == meant
    assert len(shipped) < len(written)


def test_what_is_no_script_is_refused():
    with pytest.raises(ValueError, match="does not parse"):
        lean("export export const a = 1;")
