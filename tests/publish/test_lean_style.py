"""Style sheets without comments and indents, and nothing else changed."""

from gen.publish.lean_style import lean


def test_comments_and_indents_go_and_texts_stay():
    sheet = """/* What it is. */
.a  .b { /* of b */
  content: "/* kept */  as \\" it is";

  margin: 0/**/auto;
  background: url('a  b.svg');
}
"""
    assert (
        lean(sheet)
        == """.a .b {
content: "/* kept */  as \\" it is";
margin: 0 auto;
background: url('a  b.svg');
}
"""
    )
