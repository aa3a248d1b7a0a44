"""What an idea can be found by: finish, world and view, read from its own words."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

NONE = "none named"
WORDS: Mapping[
    str, Mapping[str, tuple[str, ...]]
] = {  # what tells a tag, the more telling ones first: a matte gold car is matte
    "finish": {
        "matte": ("matte",),
        "satin": ("satin",),
        "brushed": ("brushed",),
        "mirror": ("chrome", "gold", "copper", "mirror", "polished", "reflective"),
        "glossy": ("glossy", "shiny"),
    },
    "world": {name: (name,) for name in ("studio", "sunset", "city", "desert", "forest", "snow")},
    "view": {
        "front three-quarter": ("front three-quarter",),
        "rear three-quarter": ("rear three-quarter", "from behind"),
        "side": ("side view", "from the side"),
        "front": ("front view",),
        "rear": ("rear view",),
    },
}

Tags = Mapping[str, tuple[str, ...]]  # kind -> values


def read(text: str) -> dict[str, tuple[str, ...]]:
    """The tags of a prompt: one value of each kind."""
    return {kind: (_value(text.lower(), values),) for kind, values in WORDS.items()}


def offered(tagged: Sequence[Tags]) -> dict[str, dict[str, int]]:
    """What there is to choose from: of each kind its values, and how many have each."""
    choices: dict[str, dict[str, int]] = {}
    for kind in tagged[0] if tagged else ():
        counts = Counter(value for tags in tagged for value in tags[kind])
        order = [*WORDS.get(kind, sorted(counts)), NONE]
        choices[kind] = {value: counts[value] for value in order if counts[value]}
    return choices


def slug(value: str) -> str:
    """A tag's value as fragments and attributes have it: one word."""
    return value.replace(" ", "-")


def _value(text: str, values: Mapping[str, tuple[str, ...]]) -> str:
    for value, words in values.items():
        if any(re.search(rf"\b{word}\b", text) for word in words):
            return value
    return NONE
