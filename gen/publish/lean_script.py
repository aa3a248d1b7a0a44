"""A script as it ships: its comments and indents are for those who read it in docs/.

Nothing else is changed. Programs that shorten more were tried: one took a template within a
template for code, another moved a declaration behind its first use.
"""

import re
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

PARSER = Parser(Language(tree_sitter_javascript.language()))
TEXTS = ("template_string", "string", "regex")  # every byte of these counts
LINES = re.compile(rb"[ \t]*\n\s*")


def lean(script: str) -> str:
    """The same program without comments and indents. Raises ValueError where it is no script."""
    source = script.encode()
    root = PARSER.parse(source).root_node
    if root.has_error:
        raise ValueError("does not parse")
    at, shipped = 0, bytearray()
    for node in _kept_apart(root):
        code, own = source[at : node.start_byte], source[node.start_byte : node.end_byte]
        _add(shipped, LINES.sub(b"\n", code))
        _add(shipped, _instead(own) if node.type == "comment" else own)
        at = node.end_byte
    _add(shipped, LINES.sub(b"\n", source[at:]))
    return shipped.decode()


def _add(shipped: bytearray, more: bytes) -> None:
    """Puts it there; at the beginning of a line, where a comment stood alone, without blanks."""
    shipped += more if shipped and not shipped.endswith(b"\n") else more.lstrip()


def _kept_apart(node: Node) -> Iterator[Node]:
    """Comments and texts, in their order."""
    for child in node.children:
        if child.type == "comment" or child.type in TEXTS:
            yield child
        else:
            yield from _kept_apart(child)


def _instead(comment: bytes) -> bytes:
    """What parts two words as the comment did."""
    return b" " if comment.startswith(b"/*") else b""
