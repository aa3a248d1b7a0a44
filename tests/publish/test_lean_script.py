"""gen/publish/lean_script.py: scripts without comments and indents, and nothing else changed."""

import pytest

from gen.publish.lean_script import lean


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
        == """export const a = (b) => {
const url = "https://x.example";
return `one // no comment
    ${b ? ` two  ${b} /* neither */` : ""}  three`;
};
"""
    )


@pytest.mark.parametrize(
    ("script", "shipped"),
    [
        ("let a = b/* c */in d;\n", "let a = b in d;\n"),
        ("a = /[/*]x  y/.test(b) // c\nb = 2\n", "a = /[/*]x  y/.test(b)\nb = 2\n"),
        ("class A {\n  #a = 1; /** @type {x} */\n\n\n  #b;\n}\n", "class A {\n#a = 1;\n#b;\n}\n"),
    ],
)
def test_what_stood_round_a_comment_stays_apart(script, shipped):
    assert plain(lean(script)) == shipped


def test_a_comment_alone_leaves_no_line_behind():
    script = (
        "// one\n\n/** two */\nconst a = 1;\n\n  /* three */\n  // four\nconst b = `\n\n  c`;\n"
    )
    assert lean(script) == "const a = 1;\nconst b = `\n\n  c`;\n"


def test_what_is_no_script_is_refused():
    with pytest.raises(ValueError, match="does not parse"):
        lean("export export const a = 1;")
