"""The mkdocs-gen-files script: the only writer of pages. Reads the store, never a model."""

import sys

for name in [name for name in sys.modules if name == "gen" or name.startswith("gen.")]:
    if name != "gen.guard":  # MkDocs holds on to its hook
        del sys.modules[
            name
        ]  # mkdocs serve is one process: without this, edits to gen/ need a restart

from pathlib import Path  # noqa: E402

import mkdocs_gen_files  # noqa: E402

from gen import inputs, marks, pages, store  # noqa: E402
from gen.errors import BuildError, MissingCapture  # noqa: E402


def publish() -> None:
    """Writes every page into the build and sets the navigation."""
    config = mkdocs_gen_files.config
    root = Path(config.config_file_path).parent
    given = inputs.read(root)
    docs = Path(config.docs_dir)
    prose = {
        path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(docs.rglob("*.md"))
    }
    captures = dict(_captures(root, given))
    stock = marks.Stock(
        given,
        captures,
        made={key: _made(root, key) for key in captures},
        colours=dict(_colours(root, given)),
        preview=bool(config.extra.get("preview")),
    )
    book = pages.Book(stock, prose)
    for page in book.pages():
        with mkdocs_gen_files.open(page.path, "w") as file:
            file.write(page.text)
    config.nav = book.nav()


def _captures(root, given):
    """The kept captures of the asked prompts, each by its key."""
    for key in sorted({given.key(prompt) for prompt in given.prompts} - {None}):
        try:
            yield key, store.read(root, key)
        except MissingCapture:
            continue  # the page that needs it says so


def _made(root, key):
    """On what a capture was made, in a line."""
    made = store.made(root, key)
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    how = f"{made['device']}, {made['dtype']}, {made['threads']} threads"
    return f"{made['when'][:10]}: {how}, {versions}"


def _colours(root, given):
    """The fitted latent colours of every model that has captures, by the model's id."""
    for model in given.models:
        try:
            yield model.id, store.read_colours(root, model)
        except MissingCapture:
            continue


try:
    publish()
except BuildError as error:
    sys.exit(str(error))  # MkDocs shows it as one line, exit code 1
