"""What this repository's own pages are made from, read once; and a page in the making."""

from pathlib import Path

import pytest

from gen.publish import materials as reading
from gen.publish.build import Built, build
from gen.publish.draft import Draft
from gen.publish.materials import Materials

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def materials() -> Materials:
    return reading.read(ROOT, "Our site", "https://me.example/docs/")


@pytest.fixture(scope="session")
def built(materials) -> Built:
    return build(materials)


@pytest.fixture
def draft(materials) -> Draft:
    """A page one folder deep."""
    return Draft(materials, "ideas/one.md")
