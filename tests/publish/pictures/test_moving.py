"""A run as a clip: from noise to the picture in three seconds, over and over, light enough."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen.core import inputs, store
from gen.core.records import Capture
from gen.publish.pictures import filmstrip, moving

ROOT = Path(__file__).parents[3]
LARGEST = 300_000  # bytes that a page may ask of a phone for it


@pytest.fixture(scope="module")
def capture() -> Capture:
    sources = inputs.read(ROOT)
    key = next(sources.key(p) for p in sources.prompts if p.id == "chrome-desert")
    return store.read(ROOT, key)


@pytest.fixture(scope="module")
def clip(capture, tmp_path_factory) -> Image.Image:
    sheets = (store.image(ROOT, capture.key, capture.view(k).sheet) for k in filmstrip.ROWS)
    noisy, clean = sheets
    final = store.image(ROOT, capture.key, capture.final)
    data = moving.loop(tmp_path_factory.mktemp("loops"), capture, (noisy, clean), final)
    assert len(data) <= LARGEST
    return Image.open(BytesIO(data))


def frame(clip: Image.Image, index: int) -> np.ndarray:
    clip.seek(index)
    return np.asarray(clip.convert("RGB"), int)


def test_it_shows_the_noise_and_every_guess_in_three_seconds_without_end(capture, clip):
    assert clip.n_frames == 1 + len(capture.steps)
    times = []
    for index in range(clip.n_frames):
        clip.seek(index)
        clip.load()
        times.append(clip.info["duration"])
    assert abs(sum(times) - 1000 * moving.SECONDS) < len(times)
    assert times[-1] == moving.HELD
    assert clip.info["loop"] == 0


def test_it_is_as_large_as_the_picture_begins_as_noise_and_ends_as_the_picture_itself(
    capture, clip
):
    prompt = capture.prompt
    assert clip.size == (prompt.width, prompt.height)
    final = Image.open(BytesIO(store.image(ROOT, capture.key, capture.final))).convert("RGB")
    off = [abs(frame(clip, at) - np.asarray(final, int)).mean() for at in (0, clip.n_frames - 1)]
    assert off[0] > 40 > 4 > off[1]
