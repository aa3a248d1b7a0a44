"""The mkdocs-gen-files script: the only writer of pages. Reads the store, never a model."""

import csv
import sys
from io import BytesIO
from itertools import combinations

for name in [name for name in sys.modules if name == "gen" or name.startswith("gen.")]:
    if name != "gen.publish.hook":  # MkDocs holds on to its hook
        del sys.modules[
            name
        ]  # mkdocs serve is one process: without this, edits to gen/ need a restart

from pathlib import Path  # noqa: E402

import mkdocs_gen_files  # noqa: E402
from PIL import Image  # noqa: E402

from gen.core import inputs, store  # noqa: E402
from gen.core.errors import BuildError, MissingRecord  # noqa: E402
from gen.publish import arithmetic as derived  # noqa: E402
from gen.publish import book as pages  # noqa: E402
from gen.publish import claims as prose  # noqa: E402
from gen.publish import differences as compared  # noqa: E402
from gen.publish.materials import Stock  # noqa: E402
from gen.publish.pictures import filmstrip as strip  # noqa: E402
from gen.publish.pictures import share_card as social  # noqa: E402
from gen.publish.pictures import upscaled as enlarged  # noqa: E402

FONT = Path("assets/fonts/inter-latin-wght.woff2")  # under docs/
CACHE = Path(".cache")


def publish() -> None:
    """Writes every page into the build and sets the navigation."""
    config = mkdocs_gen_files.config
    root = Path(config.config_file_path).parent
    given = inputs.read(root)
    docs = Path(config.docs_dir)
    written = {
        path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(docs.rglob("*.md"))
    }
    captures = dict(_captures(root, given))
    measurements = dict(_measurements(root))
    stock = Stock(
        given,
        captures,
        made={key: _made(root, key) for key in captures},
        colours=dict(_colours(root, given)),
        measurements=measurements,
        sizes=dict(_sizes(root, measurements)),
        references=dict(_references(root, given)),
        apart=dict(_apart(root, given, captures)),
        preview=bool(config.extra.get("preview")),
        site=config.site_name,
        address=config.site_url or "",
    )
    book = pages.Book(stock, written)
    config.extra["blocks"] = {}
    for page in book.pages():
        with mkdocs_gen_files.open(page.path, "w") as file:
            file.write(page.text)
        config.extra["blocks"][page.path] = page.blocks  # the guard puts them in their places
    for capture in captures.values():
        _beside(root, capture, stock.strips)
    for id, (measurement, _) in stock.measurements.items():
        with mkdocs_gen_files.open(f"measurements/{id}.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(derived.measured(measurement))
    config.nav = book.nav()
    config.extra["claims"] = prose.told(book.claims)
    config.extra["cards"] = _cards(root, docs, book)


def _beside(root, capture, strips):
    """What stands beside a capture's own files: its curves, its picture as shown, its strip."""
    folder, key = f"captures/{capture.key}", capture.key
    with mkdocs_gen_files.open(f"{folder}/curves.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(derived.table(capture))
    final = store.image(root, key, capture.final)
    with mkdocs_gen_files.open(f"{folder}/{enlarged.FILE}", "wb") as file:
        file.write(enlarged.enlarged(root / CACHE / "enlarged", final))
    if key in strips:
        sheets = tuple(store.image(root, key, capture.view(kind).sheet) for kind in strip.ROWS)
        with mkdocs_gen_files.open(f"{folder}/{strip.FILE}", "wb") as file:
            file.write(strip.strip(root / CACHE / "strips", capture, sheets))


def _cards(root, docs, book):
    """The picture for shared links of each page that has its own, and of all others under ""."""
    stock, given = book.stock, book.stock.inputs
    faces = book.faces()
    prompts = {"": next(iter(faces.values()))} | faces
    cards = {}
    for path, prompt in prompts.items():
        capture = stock.captures.get(given.key(prompt))
        title = stock.titles[path or "index.md"]
        picture = capture and docs / "captures" / capture.key / capture.final
        note = f"Picture: {capture.model.title}" if capture else ""
        name = path.removesuffix(".md").replace("/", "-") or "site"
        cards[path] = {"file": f"assets/cards/{name}.jpg", "says": f"{title}. {note}".strip()}
        with mkdocs_gen_files.open(cards[path]["file"], "wb") as file:
            file.write(
                social.card(root / CACHE / "cards", title, stock.site, note, picture, docs / FONT)
            )
    return cards


def _captures(root, given):
    """The kept captures of the asked prompts, each by its key."""
    for key in sorted({given.key(prompt) for prompt in given.prompts} - {None}):
        try:
            yield key, store.read(root, key)
        except MissingRecord:
            continue  # the page that needs it says so


def _measurements(root):
    """The kept measurements, each with its chart, by its id."""
    for id in store.measured(root):
        chart = store.measured_file(root, id, f"{id}.svg").decode()
        yield id, (store.read_measurement(root, id), chart)


def _sizes(root, measurements):
    """Width and height of every picture that a measurement keeps, by its file's name."""
    for id, (measurement, _) in measurements.items():
        for name, _ in measurement.digests:
            if name.endswith(".webp"):
                yield name, Image.open(BytesIO(store.measured_file(root, id, name))).size


def _references(root, given):
    """The kept references by their idea, where that still says the same."""
    words = {(prompt.id, prompt.text) for prompt in given.prompts}
    for id in store.references(root):
        reference = store.read_reference(root, id)
        if (id, reference.prompt) in words:
            yield id, reference


def _made(root, key):
    """On what a capture was made, in a line."""
    made = store.made(root, key)
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    threads = made["threads"]
    how = f"{made['device']}, {made['dtype']}, {threads} thread{'s' if threads != 1 else ''}"
    return f"{made['when'][:10]}: {how}, {versions}"


def _apart(root, given, captures):
    """How far the final pictures of a comparison's runs lie apart, by the keys of two runs."""
    for comparison in given.comparisons:
        keys = [given.key(prompt) for prompt in comparison.prompts]
        runs = [captures[key] for key in keys if key in captures]
        for one, other in combinations(runs, 2):
            if one.model == other.model:
                pictures = (store.image(root, run.key, run.final) for run in (one, other))
                yield (one.key, other.key), compared.apart(*pictures)


def _colours(root, given):
    """The fitted latent colours of every model that has captures, by the model's id."""
    for model in given.models:
        try:
            yield model.id, store.read_colours(root, model)
        except MissingRecord:
            continue


try:
    publish()
except BuildError as error:
    sys.exit(str(error))  # MkDocs shows it as one line, exit code 1
