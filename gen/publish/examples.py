"""What prose shows of a measurement's pictures: beside each other, wiped, or as sheets of tiles."""

from collections.abc import Iterable, Iterator

from gen.core.errors import BadInput
from gen.core.yamlfile import nearest
from gen.publish import templating
from gen.publish.draft import Draft
from gen.publish.macros import macro


@macro
def example(
    draft: Draft,
    id: str,
    /,
    wipe: tuple[str, ...] = (),
    opens: int = 35,
    across: int = 0,
    rows: tuple[str | None, ...] = ("",),
    columns: tuple[str, ...] = (),
    **captions: str,
) -> str:
    """Pictures of a measurement, named as its files are, each with a caption.

    Two of them named in `wipe` lie one over the other with a slider between them, which `opens` at
    so many percent; a third one named there is their difference. A sheet of many pictures says how
    many are `across`, and what its `rows` and `columns` are; a row that is None is left out.
    Raises BadInput for a picture that it does not have.
    """
    for name in wipe:
        if name not in captions:
            says = f"wipe names {name}, which has no caption; {nearest(name, captions)}"
            raise BadInput(f"{draft.path}: example: {says}")
    files = dict(_files(draft, id, captions))
    sizes = {name: draft.materials.sizes[file] for name, file in files.items()}
    pictures = {"captions": captions, "files": files, "sizes": sizes}
    pictures["src"] = f"{draft.up}measurements/"
    alone = tuple(name for name in captions if name not in wipe)
    shown = {"names": alone, "across": across, "rows": rows, "columns": columns}
    row = templating.html("example.html.j2", **shown, **pictures) if alone else ""
    pair = draft.element("wipe", id=id, names=wipe, opens=opens, **pictures) if wipe else ""
    return draft.put_aside("\n".join(filter(None, (row, pair))))


def _files(draft: Draft, id: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each picture's name with its file's."""
    stored = dict(draft.measurement("example", id).digests)
    for name in names:
        file = f"{id}-{name}.webp"
        if file not in stored:
            raise BadInput(f"{draft.path}: example: {id} keeps no {file}; see its JSON")
        yield name, file
