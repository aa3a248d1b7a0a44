"""gen/core/weighed.py: the captures of one optional model have a limit: git keeps them for good."""

from dataclasses import replace
from pathlib import Path

import pytest

from gen.core import inputs, store, weighed
from gen.core.errors import BadInput

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pinned():
    """This project's inputs, with Stable Diffusion 1.5 pinned."""
    read = inputs.read(ROOT)
    models = (replace(m, revision="0" * 64) if m.id == "sd15" else m for m in read.models)
    return replace(read, models=tuple(models))


def keep(root: Path, given, model: str, size: int) -> None:
    """Files of this size, taken by the first two prompts of a model; they take no room."""
    prompts = [prompt for prompt in given.prompts if prompt.model == model]
    for prompt, part in zip(prompts, (size // 2, size - size // 2), strict=False):
        folder = store.folder(root, given.key(prompt))
        folder.mkdir(parents=True)
        with (folder / "clean.webp").open("wb") as file:
            file.truncate(part)


def test_captures_of_an_optional_model_are_weighed_and_those_of_none_are_not_named(
    tmp_path, pinned
):
    assert weighed.weighed(tmp_path, pinned) == {}
    keep(tmp_path, pinned, "sd15", weighed.LARGEST)
    keep(tmp_path, pinned, "study", 2 * weighed.LARGEST)
    assert weighed.weighed(tmp_path, pinned) == {"sd15": weighed.LARGEST}


def test_more_than_a_repository_may_carry_is_refused_with_the_next_move(tmp_path, pinned):
    keep(tmp_path, pinned, "sd15", weighed.LARGEST + 100_000)
    with pytest.raises(BadInput, match=r"sd15 takes 30\.1 MB of at most 30; leave its words out"):
        weighed.weighed(tmp_path, pinned)
