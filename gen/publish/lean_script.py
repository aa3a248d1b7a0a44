"""A script as it ships: its comments and indents are for those who read it in docs/.

That holds for ends of lines, too, where none ends a statement, and for blanks beside signs that
part by themselves. Nothing else is changed. Programs that shorten more were tried: one took a
template within a template for code, another moved a declaration behind its first use.
"""

import re
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

PARSER = Parser(Language(tree_sitter_javascript.language()))
TEXTS = ("template_string", "string", "regex")  # every byte of these counts
OPEN = (b"(", b"[", b"{", b",", b";")  # behind these no blank matters
LINES = re.compile(rb"[ \t]*\n\s*")
NEEDLESS = re.compile(rb"(?<=[(\[{,;])\n|\n(?=[)\]}])")
BLANKS = re.compile(rb"(?<=[(\[{)\]},;:=])[ \t]+|(?<==>)[ \t]+|[ \t]+(?=[(\[{)\]},;:=])")


def lean(script: str) -> str:
    """The same program without comments and indents. Raises ValueError where it is no script."""
    source = script.encode()
    root = PARSER.parse(source).root_node
    if root.has_error:
        raise ValueError("does not parse")
    at, shipped = 0, bytearray()
    for node in _kept_apart(root):
        _add(shipped, _code(source[at : node.start_byte]))
        at = node.end_byte
        if node.type == "comment":
            at += len(source[at:]) - len(source[at:].lstrip(b" \t"))
            _part(shipped, source[at : at + 1])
        else:
            _add(shipped, source[node.start_byte : at])
    _add(shipped, _code(source[at:]))
    return shipped.decode()


def _code(between: bytes) -> bytes:
    """What stands between texts and comments."""
    return BLANKS.sub(b"", NEEDLESS.sub(b"", LINES.sub(b"\n", between)))


def _add(shipped: bytearray, more: bytes) -> None:
    """Puts it there; where a line begins, or no blank matters, without blanks."""
    shipped += more.lstrip() if shipped[-1:] in (b"", b"\n", *OPEN) else more


def _kept_apart(node: Node) -> Iterator[Node]:
    """Comments and texts, in their order."""
    for child in node.children:
        if child.type == "comment" or child.type in TEXTS:
            yield child
        else:
            yield from _kept_apart(child)


def _part(shipped: bytearray, then: bytes) -> None:
    """Parts what a comment parted by a blank, where one may matter before what comes `then`."""
    shipped[:] = shipped.rstrip(b" \t")
    if shipped[-1:] not in OPEN and then != b"\n":
        _add(shipped, b" ")
