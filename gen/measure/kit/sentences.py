"""One word of a sentence changed into another: the sentences and the words."""

from collections.abc import Mapping
from dataclasses import dataclass

FRAMES = (
    *(f"a {{paint}} {body} in the {{world}}, {view}"
      for body in ("car", "coupe", "saloon")
      for view in ("side view", "front three-quarter view", "rear three-quarter view")),
    "a photo of a {paint} car in the {world}",
)  # fmt: skip
ROLES = {  # three words that take turns, none in a combination that training never saw
    "finish": ("glossy", "matte", "satin"),
    "colour": ("red", "white", "green"),
    "world": ("desert", "snow", "city"),
    "metal": ("chrome", "gold", "copper"),
}
METAL = "metal"  # finish and colour in one word, always in the city


@dataclass(frozen=True)
class Change:
    """One word of a sentence changed into another."""

    role: str
    frame: int
    before: str
    after: str


def changes() -> list[Change]:
    """Every word of every role in every sentence, changed into the two others."""
    made = []
    for frame, sentence in enumerate(FRAMES):
        base = {role: words[(frame + n) % 3] for n, (role, words) in enumerate(ROLES.items())}
        for role, words in ROLES.items():
            before = _worded(sentence, role, base)
            others = [word for word in words if word != base[role]]
            afters = [_worded(sentence, role, base | {role: word}) for word in others]
            made += [Change(role, frame, before, after) for after in afters]
    return made


def _worded(sentence: str, role: str, words: Mapping[str, str]) -> str:
    if role == METAL:
        return sentence.format(paint=words[METAL], world="city")
    return sentence.format(paint=f"{words['finish']} {words['colour']}", world=words["world"])
