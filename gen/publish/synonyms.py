"""What people type into the search in other words than the pages': added to its index, unseen.

A word that ends in an exclamation mark leads first to its heading, whatever headings hold it: it is
what the theme calls a tag, which its search ranks above titles.
"""

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from gen.core import yamlfile
from gen.core.errors import BadInput
from gen.core.yaml_lines import lines_told
from gen.core.yamlfile import nearest

PLACE = "sources/synonyms.yml"
FIRST = "!"
GAP = re.compile(r"\s+(?=[,.;:!?](?:\s|<|$))")  # where a mark or a button stood before a sign

Synonyms = Mapping[str, tuple[str, ...]]  # by the address of a page or heading


def read(root: Path) -> Synonyms:
    """The synonyms of a project; none where it has no file of them. Raises BadInput."""
    if not (root / PLACE).is_file():
        return {}
    with lines_told(root):
        words = yamlfile.read(root / PLACE, PLACE, dict[str, list[str]])
    return {address: tuple(some) for address, some in words.items()}


def added(index: str, synonyms: Synonyms) -> str:
    """The search's index with the synonyms in it, its signs at their words.

    Raises BadInput for an address that it does not have.
    """
    whole = json.loads(index)
    entries = {entry["location"]: entry for entry in whole["docs"]}
    for entry in entries.values():
        entry["text"] = GAP.sub("", entry["text"])
    for address, words in synonyms.items():
        if address not in entries:
            raise BadInput(f"{PLACE}: {address}: no heading has it; {nearest(address, entries)}")
        entry, first = entries[address], [word[:-1] for word in words if word.endswith(FIRST)]
        others = [word for word in words if not word.endswith(FIRST)]
        if others:
            entry["text"] += f"<p hidden>{escape(', '.join(others))}</p>"
        if first:
            entry["tags"] = first
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
