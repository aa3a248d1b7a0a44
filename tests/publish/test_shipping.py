"""gen/publish/shipping.py: of docs/ ships what is a page, a picture, or named."""

import subprocess
from pathlib import Path

import pytest

from gen.core import blueprints, store
from gen.publish.html.scripts import Scripts
from gen.publish.shipping import STORE, Shipping

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipping(built) -> Shipping:
    return Shipping(built, Scripts(), preview=False)


@pytest.mark.parametrize(
    "path",
    [
        *("notes.json", "secret.csv", "x.pdf", "papers/x.pdf", "notes.bak", "notes.txt"),
        *("assets/notes.json", "assets/js/notes.json", "assets/fonts/x.pdf"),
        *(f"{folder}orphan{end}" for folder in STORE for end in (".json", ".webp", ".csv")),
    ],
)
def test_what_nothing_names_is_not_published(shipping, path):
    assert not shipping.publishes(path)


def test_every_shelf_is_one_of_which_a_record_must_name_the_files():
    shelves = (store.captures, store.colours, store.measurements, store.pictured, store.staged)
    for shelf in (*shelves, store.finals, blueprints.shelf):
        assert f"{shelf.place.name}/" in STORE


def test_all_that_is_committed_is_published(shipping):
    """But what kernels.wasm is made of, and made.json, which says on what a capture was made."""
    listed = subprocess.run(
        ["git", "ls-files", "docs"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [line.removeprefix("docs/") for line in listed.stdout.splitlines()]
    assert {"index.md", "assets/mark.svg"} < set(paths)
    left = [path for path in paths if not shipping.publishes(path)]
    sources = ("assets/js/live/kernels", f"/{store.MADE}")
    assert [path for path in left if not any(source in path for source in sources)] == []
