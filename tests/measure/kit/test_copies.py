"""gen/measure/kit/copies.py: what a critic changed, from the sheet of who trained, else as kept."""

from collections.abc import Iterator

import numpy as np
import pytest
from known import noise
from PIL import Image

from gen.core import store
from gen.core.canonical import digest
from gen.core.errors import BadInput
from gen.core.measured import Measurement
from gen.measure.kit.copies import copies
from gen.measure.kit.pictures import sheet
from gen.study.training.decoder import SHEET

FILES = ("renders.webp", "errors.webp", "critic.webp")


@pytest.fixture
def cut(project) -> Iterator[dict[str, bytes]]:
    """What is cut from a sheet of six renders and their copies, which is gone again."""
    size = project.recipe.render.width, project.recipe.render.height
    layers = [noise(6, size[1], size[0], seed) for seed in range(3)]
    rows = [layer.transpose(1, 0, 2, 3).reshape(size[1], -1, 3) for layer in layers]
    path = project.root / project.model.location / SHEET
    Image.fromarray(np.concatenate(rows)).save(path, lossless=True)
    try:
        found = copies(project, "critics")
    finally:
        path.unlink()
    assert found == {
        name: sheet([layer[:3], layer[3:]]) for name, layer in zip(FILES, layers, strict=True)
    }
    yield found
    for there in (project.root / store.MEASUREMENTS).glob("critics*"):
        there.unlink()


def record(files: dict[str, bytes], model: str) -> Measurement:
    """Of a measurement that shows these files, made of the model of this key."""
    digests = tuple((name, digest(held)) for name, held in files.items())
    return Measurement("critics", "k", "Is it?", "So.", "", (("model", model),), (), digests)


def test_without_the_sheet_they_stay_as_they_were_while_the_model_does(project, cut):
    assert copies(project, "critics") == {}
    files = {f"critics-{name}": held for name, held in cut.items()}
    for key, kept in ((project.key("model"), cut), ("another", {})):
        store.write_measurement(project.root, record(files, key), files)
        assert copies(project, "critics") == kept


def test_the_last_there_are_are_not_lost_with_a_broken_record(project, cut):
    files = {f"critics-{name}": held for name, held in cut.items()}
    store.write_measurement(project.root, record(files, project.key("model")), files)
    (project.root / store.MEASUREMENTS / "critics-errors.webp").write_bytes(b"flipped")
    with pytest.raises(BadInput, match=r"^docs/measurements/critics\*: broken.*git"):
        copies(project, "critics")


def test_what_was_never_cut_is_not_missed(project):
    assert copies(project, "nothing") == {}
