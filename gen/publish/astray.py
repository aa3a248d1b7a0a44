"""Links in prose to pages that the site does not have: told with their line, and the nearest."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

from gen.core.errors import BadProse
from gen.core.yamlfile import closest
from gen.publish.claims import FENCE
from gen.publish.faults import place

TARGET = re.compile(r"\]\(<?(?P<page>[^\s()<>#:{}]+\.md)(?=[#)>\s])")
CODE = re.compile(r"`[^`]*`")


def refuse(prose: Mapping[str, str], pages: Collection[str]) -> None:
    """Raises BadProse, a line each, for links of `prose` to no page among these paths."""
    problems = [problem for path in prose for problem in _problems(path, prose[path], pages)]
    if problems:
        raise BadProse("\n".join(problems))


def _problems(path: str, text: str, pages: Collection[str]) -> Iterator[str]:
    hidden = [found.span() for kind in (FENCE, CODE) for found in kind.finditer(text)]
    for link in TARGET.finditer(text):
        if any(first <= link.start() < last for first, last in hidden):
            continue
        page = posixpath.normpath(posixpath.join(posixpath.dirname(path), link["page"]))
        if page not in pages:
            move = _move(path, page, pages)
            yield f"{place(path, text, link.start())}: {link['page']}: no such page; {move}"


def _move(path: str, page: str, pages: Collection[str]) -> str:
    """The page that was meant, as it is to be typed there: of that name elsewhere, or like it."""
    name = posixpath.basename(page)
    named = sorted(other for other in pages if posixpath.basename(other) == name)
    close = named[0] if named else closest(page, sorted(pages))
    if close is None:
        return "correct the path"
    return f"did you mean {posixpath.relpath(close, posixpath.dirname(path) or '.')}?"
