"""A project with a tiny pinned model whose captures commands make, verify and plan."""

import re
import shutil
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "tinysite" / "sources"


@pytest.fixture
def project(tiny_project, tiny_model, monkeypatch) -> Path:
    """Where commands are typed: three captures of four prompts, none made."""
    for source in SOURCES.glob("*.yml"):
        shutil.copy(source, tiny_project / "sources")
    models = tiny_project / "sources" / "models.yml"
    pinned = f"revision: {tiny_model.revision}"
    models.write_text(re.sub("revision: 0+abc", pinned, models.read_text("utf-8")), "utf-8")
    monkeypatch.chdir(tiny_project)
    return tiny_project
