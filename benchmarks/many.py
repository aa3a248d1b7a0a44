"""A project of as many ideas as a benchmark asks for, captured by a tiny pipeline, for real."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from gen.core import inputs, store  # noqa: E402

TINY = ROOT / "tests" / "tinysite"
WORLDS = ("studio", "sunset", "city", "desert", "forest", "snow")
FINISHES = ("chrome", "gold", "matte red", "glossy red", "brushed chrome")
VIEWS = ("side view", "front view", "rear view")
MODEL = {
    "title": "Tiny model",
    "where": {"folder": "sources/models/tiny"},
    "required": True,
    "defaults": {
        "negative": "",
        "steps": 20,
        "guidance_scale": 4.0,
        "width": 64,
        "height": 64,
        "scheduler": "DDIMScheduler",
    },
    "latent_map": {"prompts": ["a red car"], "steps": 2},
}


def project(root: Path, ideas: int) -> None:
    """A project of so many ideas: the miniature's prose in this site's theme, a tiny model."""
    from conftest import tiny_pipeline

    from gen.capture.weights import revision_of

    others = shutil.ignore_patterns("mkdocs.yml", "measurements", "models.md")
    shutil.copytree(TINY, root, ignore=others)
    shutil.copy(ROOT / "mkdocs.yml", root)
    shutil.copytree(ROOT / "overrides", root / "overrides")
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    (root / "gen").symlink_to(ROOT / "gen")
    folder = root / "sources" / "models" / "tiny"
    tiny_pipeline().save_pretrained(folder, safe_serialization=True)
    models = {"tiny": MODEL | {"revision": revision_of(folder)}}
    _write(root / "sources" / "models.yml", models)
    index = root / "docs" / "index.md"
    text = index.read_text("utf-8").replace('{{ beside("red") }}\n', "")
    index.write_text(text.replace('"hostile"', '"red"'), "utf-8")
    reword(root, ideas)


def reword(root: Path, ideas: int) -> None:
    """The same project with another number of ideas; what both ask for stays captured."""
    entries = {"red": _idea(0), **{f"idea-{number}": _idea(number) for number in range(1, ideas)}}
    comparison = {
        "title": "Guidance",
        "look": "Compare.",
        "idea": "red",
        "varies": "guidance_scale",
        "values": {"tiny": [1.0, 4.0]},
    }
    prompts = {"ideas": entries, "comparisons": {"guidance": comparison}}
    _write(root / "sources" / "prompts.yml", prompts)


def jobs_of(root: Path) -> list:
    """Every prompt of a project with its model."""
    given = inputs.read(root)
    return [(prompt, given.model(prompt.model)) for prompt in given.prompts]


def capture(root: Path) -> None:
    """Makes what a project lacks, with its own pipeline."""
    from gen.capture import batch
    from gen.capture.weights import Choice, opener

    batch.capture_all(root, jobs_of(root), opener(root, Choice()), lambda event: None)


def forge(root: Path) -> None:
    """Fills a project's store with copies of its first capture, each sealed under its own key.

    Its pictures are there once, under as many names: ten thousand take no room.
    """
    jobs = jobs_of(root)
    prompt, model = jobs[0]
    record = store.read(root, prompt.pinned_key(model))
    first = store.folder(root, record.key)
    for other, _ in jobs:
        key = other.pinned_key(model)
        folder = store.folder(root, key)
        if not folder.exists():
            folder.mkdir()
            for name in (store.MADE, *dict(record.digests)):
                (folder / name).hardlink_to(first / name)
            sealed = store.captures.sealed(replace(record, prompt=other, key=key))
            (folder / store.RECORD).write_bytes(sealed)


def _idea(number: int) -> dict[str, object]:
    finish, world, view = (
        kind[number // step % len(kind)]
        for kind, step in ((FINISHES, 1), (WORLDS, len(FINISHES)), (VIEWS, 30))
    )
    text = f"a {finish} car, {world}, {view}"
    return {
        "title": f"{text[2:].capitalize()}, {number}",
        "look": "Look for the line of the sky on the doors.",
        "seed": number,
        "words": {"tiny": text},
    }


def _write(path: Path, held: object) -> None:
    path.write_text(yaml.safe_dump(held, sort_keys=False), "utf-8")
