"""What a reader can do here, as cards: a picture, a name and a line, each leading there."""

from collections.abc import Iterator

from gen.core.errors import BadInput
from gen.core.yamlfile import nearest
from gen.publish import page
from gen.publish.draft import Draft
from gen.publish.macros import macro

LISTED = ("ideas/index.md", "comparisons/index.md")  # pages of ours that nobody has written


@macro
def tries(draft: Draft, /, *things: tuple[str, str, str, str]) -> str:
    """Cards of what can be tried: of each a page, its name here, a line on it, and a picture.

    The picture is an idea's, or a measurement's, named as its file is. Raises BadInput for a page
    or a picture that is not there.
    """
    return draft.aside("tries", cards=tuple(_cards(draft, things)))


def _cards(
    draft: Draft, things: tuple[tuple[str, str, str, str], ...]
) -> Iterator[dict[str, object]]:
    pages = (*draft.materials.prose, *LISTED)
    for path, name, says, picture in things:
        if path not in pages:
            raise BadInput(f"{draft.path}: tries: no page {path}; {nearest(path, pages)}")
        card = {"href": f"{draft.up}{page.address(path)}", "name": name, "says": says}
        file = f"{picture}.webp"
        if file in draft.materials.sizes:
            by = draft.measurement("tries", picture.partition("-")[0]).model
            alt = f"{by or 'Computed from light'}: {name}"
            own = {"file": f"{draft.up}measurements/{file}", "size": draft.materials.sizes[file]}
            yield card | own | {"alt": alt, "capture": None, "src": ""}
        else:
            capture = draft.find(picture)[1]
            src = draft.folder(capture) if capture else ""
            yield card | {"file": "", "capture": capture, "src": src}
