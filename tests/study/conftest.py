"""What the study model's tests share."""

from dataclasses import replace
from pathlib import Path

import pytest

from gen.study.recipe.whole import read_recipe

STUDY = Path(__file__).parents[2] / "sources" / "study.yml"


@pytest.fixture(scope="session")
def recipe():
    """The kept recipe at a size of which a handful takes a second."""
    return replace(read_recipe(STUDY).render, width=48, height=32, samples=4)


@pytest.fixture
def one_thread():
    """As a child process has that is told so: sums come in another order on two threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def place(one_thread, tmp_path) -> Path:
    """A folder with a tiny recipe and renders, to train in on one thread."""
    from tiny import make_place

    return make_place(tmp_path)
