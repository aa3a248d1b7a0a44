"""Links in prose to pages that the site does not have: told with their line, and the nearest."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from gen.core.errors import BadProse
from gen.core.yamlfile import closest
from gen.publish import blanks
from gen.publish.faults import place

TARGET = re.compile(
    r"\]\(\s*(?:<(?P<angled>[^<>#:{}\n]+\.md)(?=[#>])|(?P<plain>[^\s()<>#:{}]+\.md)(?=[#)\s]))"
)


def refuse(prose: Mapping[str, str], pages: Collection[str], docs: Path) -> None:
    """Raises BadProse, a line each, for links of `prose` to no page among these paths.

    In `docs` there can be pages that wait until what they are about is measured.
    """
    problems = [problem for path in prose for problem in _problems(path, prose[path], pages, docs)]
    if problems:
        raise BadProse("\n".join(problems))


def _problems(path: str, text: str, pages: Collection[str], docs: Path) -> Iterator[str]:
    for link in TARGET.finditer(blanks.prose_of(text)):
        typed = link["angled"] or link["plain"]
        page = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(typed)))
        if page not in pages:
            move = _move(path, page, pages, docs)
            yield f"{place(path, text, link.start())}: {typed}: no such page; {move}"


def _move(path: str, page: str, pages: Collection[str], docs: Path) -> str:
    """The page that was meant, as it is to be typed there: of that name elsewhere, or like it."""
    if (docs / page).is_file():
        return (
            f"it waits until it is measured: run python -m gen measure {PurePosixPath(page).stem}"
        )
    name = posixpath.basename(page)
    named = sorted(other for other in pages if posixpath.basename(other) == name)
    close = named[0] if named else closest(page, sorted(pages))
    if close is None:
        return "correct the path"
    return f"did you mean {posixpath.relpath(close, posixpath.dirname(path) or '.')}?"
