"""Pairs of a measurement's pictures, of which a reader finds the right one."""

from collections.abc import Iterator, Mapping
from itertools import count

from gen.publish.draft import Draft
from gen.publish.macros import macro

WRONG = {"other": "another place", "turned": "its own place upside down"}


@macro
def quiz(draft: Draft, id: str) -> str:
    """The pairs of a measurement that are to be told apart, in an order that only looks random.

    A pair is two of its pictures, `<number>-right` and `<number>-` with a kind of WRONG.
    """
    stored = dict(draft.measurement("quiz", id).digests)
    kinds = sorted(_kinds(stored, id), key=lambda one: stored[f"{id}-{one[0]}-right.webp"])
    pairs = [_pair(stored, id, number, kind, draft) for number, kind in kinds]
    return draft.aside("quiz", pairs=pairs, src=f"{draft.up}measurements/")


def _kinds(stored: Mapping[str, str], id: str) -> Iterator[tuple[int, str]]:
    """The pairs that are there, by number, each with the kind of its wrong picture."""
    for number in count():
        kinds = [kind for kind in WRONG if f"{id}-{number}-{kind}.webp" in stored]
        if not kinds:
            return
        yield number, kinds[0]


def _pair(
    stored: Mapping[str, str], id: str, number: int, kind: str, draft: Draft
) -> dict[str, object]:
    """A pair: its pictures in their order, each with whether it is right, and the answer."""
    right, wrong = f"{id}-{number}-right.webp", f"{id}-{number}-{kind}.webp"
    first = stored[right] < stored[wrong]  # digests: the same in every build, and no pattern
    pictures = [(right, True), (wrong, False)] if first else [(wrong, False), (right, True)]
    right_one, other = "AB" if first else "BA"
    answer = f"{right_one} mirrors the place where it stands, {other} {WRONG[kind]}."
    size = draft.materials.sizes[right]
    return {"number": number, "pictures": pictures, "answer": answer, "size": size}
