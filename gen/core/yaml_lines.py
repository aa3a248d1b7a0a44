"""The line of a YAML file on which a fault stands that is told by its keys."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import yaml

from gen.core.errors import BadInput
from gen.core.yamlfile import SAFE, read_text

TOLD = re.compile(r"(?P<place>[\w/.-]+\.yml): (?P<keys>[^:]+)(?P<rest>: .*)", re.DOTALL)


@contextmanager
def lines_told(root: Path) -> Iterator[None]:
    """Adds its line to each fault of a file below a project's root. Raises BadInput as it came."""
    try:
        yield
    except BadInput as error:
        says = str(error).splitlines()
        raise type(error)("\n".join(with_line(root, line) for line in says)) from None


def with_line(root: Path, told: str) -> str:
    """ "sources/prompts.yml: ideas > red > seed: …" with the number of its line after the file.

    That of the last key which the file has; what names no key of it stays as it is.
    """
    found = TOLD.fullmatch(told)
    line = found and _line(root / found["place"], found["keys"].split(" > "))
    if not found or line is None:
        return told
    return f"{found['place']}:{line}: {found['keys']}{found['rest']}"


def _line(path: Path, keys: Sequence[str]) -> int | None:
    """Where the last of these keys stands that a file has, counted from 1; None for none."""
    node, line = None, None
    with suppress(yaml.YAMLError, BadInput):  # which tell of themselves where they are
        node = _composed(read_text(path, path.name))
    for key in keys:
        found = _below(node, key)
        if found is not None:  # else it is missing, or a name that nobody typed: see the next
            (at, node) = found
            line = at.start_mark.line + 1
    return line


@lru_cache(maxsize=1)  # all faults of a file come one after another
def _composed(text: str) -> yaml.Node | None:
    return yaml.compose(text, Loader=SAFE)


def _below(node: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    """What stands under a key, or as a list's item of this number from 1; where, and what."""
    if isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and key.isdecimal() and 0 < int(key) <= len(node.value):
        item = node.value[int(key) - 1]
        return item, item
    return None
