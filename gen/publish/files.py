"""The files of a site beside its pages: curves and rows as CSV, pictures as shown, cards."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

from gen.core import store
from gen.core.measured import Measurement
from gen.core.records import Capture
from gen.publish import book, run_figures
from gen.publish.later import Make
from gen.publish.materials import Materials
from gen.publish.page import Ledger
from gen.publish.pictures import filmstrip, moving, share_card, smaller, upscaled

FONT = Path("docs", "assets", "fonts", "inter-latin-wght.woff2")
CACHE = Path(".cache")
COLUMNS = ("name", "panel", "label", "series", "value", "low", "high", "n", "unit", "note")


@dataclass(frozen=True)
class Card:
    """The picture for shared links of a page: where it lies, and its words."""

    file: str  # under docs/
    says: str


def beside_captures(materials: Materials, ledger: Ledger) -> Iterator[tuple[str, Make]]:
    """What stands beside a capture's own files: curves, picture as shown, strip, loop."""
    for key, capture in materials.captures.items():
        folder = f"captures/{key}"
        yield f"{folder}/curves.csv", partial(_curves, capture)
        yield f"{folder}/{upscaled.FILE}", partial(_shown, materials, capture)
        yield f"{folder}/{smaller.CARD}", partial(_on_card, materials, capture)
        if key in ledger.strips:
            yield f"{folder}/{filmstrip.FILE}", partial(_strip, materials, capture)
        if key in ledger.loops:
            yield f"{folder}/{moving.FILE}", partial(_loop, materials, capture)


def _curves(capture: Capture) -> bytes:
    return _csv(curves(capture))


def _shown(materials: Materials, capture: Capture) -> bytes:
    return upscaled.upscaled(materials.root / CACHE / "enlarged", materials.final(capture))


def _on_card(materials: Materials, capture: Capture) -> bytes:
    cache = materials.root / CACHE / "smaller"
    return smaller.smaller(cache, materials.final(capture), smaller.CARD_WIDTH)


def _strip(materials: Materials, capture: Capture) -> bytes:
    cache = materials.root / CACHE / "strips"
    return filmstrip.filmstrip(cache, capture, _sheets(materials, capture))


def _loop(materials: Materials, capture: Capture) -> bytes:
    cache = materials.root / CACHE / "loops"
    return moving.loop(cache, capture, _sheets(materials, capture), materials.final(capture))


def _sheets(materials: Materials, capture: Capture) -> tuple[bytes, bytes]:
    """Of noise and of clean pictures."""
    noisy, clean = (capture.view(kind).sheet for kind in filmstrip.ROWS)
    return materials.files[capture.key][noisy], materials.files[capture.key][clean]


def staged(materials: Materials) -> Iterator[tuple[str, Make]]:
    """The staged pictures again, smaller: a phone need not fetch what it cannot show."""
    for id in materials.staged:
        whole = store.staged.file(materials.root, id, f"{id}.webp")
        for width in smaller.WIDTHS:
            cache = materials.root / CACHE / "smaller"
            path = smaller.named(f"staged/{id}.webp", width)
            yield path, partial(smaller.smaller, cache, whole, width)


def painter(materials: Materials) -> Iterator[tuple[str, bytes]]:
    """The model that readers paint with and the judges, each revision under its own address."""
    if model := materials.painter:
        yield from ((f"{model.folder}/{name}", data) for name, data in model.files.items())
    if jury := materials.jury:
        yield jury.file, jury.data


def tables(materials: Materials) -> Iterator[tuple[str, bytes]]:
    """The rows of each measurement."""
    for id, measurement in materials.measurements.items():
        yield f"measurements/{id}.csv", _csv(rows(measurement))


def cards(materials: Materials, ledger: Ledger) -> Iterator[tuple[str, Card, Make]]:
    """The card of each page that has its own, by its path, and of all others under ""."""
    faces = book.faces(materials)
    for path, prompt in {"": next(iter(faces.values())), **faces}.items():
        capture = materials.captures.get(materials.keys[prompt] or "")
        title = ledger.titles.get(path or "index.md", materials.site)
        note = f"Picture: {capture.model.title}" if capture else ""
        if staged := not path and bool(materials.staged):
            note = "Picture: a render"
        name = path.removesuffix(".md").replace("/", "-") or "site"
        draws = partial(_card, materials, title, note, None if staged else capture, staged)
        yield path, Card(f"assets/cards/{name}.jpg", _told(title, note)), draws


def _told(title: str, note: str) -> str:
    """A card in words: two sentences, of which the first may be a question."""
    stop = "" if title.endswith(("?", "!", ".")) else "."
    return f"{title}{stop} {note}".strip()


def _card(
    materials: Materials, title: str, note: str, capture: Capture | None, staged: bool
) -> bytes:
    """A card with the picture of a capture, or with the staged one."""
    picture = materials.final(capture) if capture else None
    if staged:
        id = min(materials.staged)
        picture = store.staged.file(materials.root, id, f"{id}.webp")
    words, font = (title, materials.site, note), materials.root / FONT
    return share_card.card(materials.root / CACHE / "cards", *words, picture, font)


def curves(capture: Capture) -> Iterator[tuple[str, ...]]:
    """The rows of a capture's curves as its CSV holds them, in full; a missing value is empty."""
    yield "step", "timestep", "sigma", "distance", "guidance"
    for row in run_figures.rows(capture):
        yield tuple("" if value is None else repr(value) for value in row)


def rows(measurement: Measurement) -> Iterator[tuple[str, ...]]:
    """The rows of a measurement as its CSV holds them, in full; a missing value is empty."""
    yield COLUMNS
    for row in measurement.rows:
        values = (getattr(row, name) for name in COLUMNS)
        yield tuple("" if value is None else str(value) for value in values)


def _csv(lines: Iterable[tuple[str, ...]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


Cards = Mapping[str, Card]  # by the path of a page; "" stands for all others
