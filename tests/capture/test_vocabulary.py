"""gen/capture/vocabulary.py: prompts are split as Stable Diffusion 1.5 splits them."""

import json
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import vocabulary, words  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402

SD15 = Path(__file__).parents[2] / "sources" / "shapes" / "sd15"


def installed() -> bool:
    try:
        return distribution("open-clip-torch") is not None
    except PackageNotFoundError:
        return False


@pytest.mark.skipif(not installed(), reason="needs pip install --no-deps open-clip-torch")
def test_the_tokenizer_is_clips_own():
    """Numbers that CLIP is known to give; capitals and spaces do not count, accents do."""
    tokenizer = vocabulary.tokenizer(SD15)
    assert len(tokenizer) == 49408
    assert tokenizer("a photo of a cat").input_ids == [49406, 320, 1125, 539, 320, 2368, 49407]
    horse = "A photograph of an  astronaut riding a horse"
    expected = [49406, 320, 8853, 539, 550, 18376, 6765, 320, 4558, 49407]
    assert tokenizer(horse).input_ids == expected
    assert tokenizer("é").input_ids != tokenizer("e").input_ids
    padded = tokenizer("", padding="max_length").input_ids
    assert padded == [49406, *[49407] * 76], "padded with the end token, to 77"
    _, *pieces, _ = (token.text for token in words.tokens(tokenizer, "chromium, ☃"))
    assert pieces == ["chro", "mium</w>", ",</w>", "âĺ", "ĥ</w>"]


def test_what_is_installed_is_what_the_shape_names():
    named = json.loads((SD15 / "tokenizer" / "vocabulary.json").read_text())
    pinned = f"{named['distribution']}=={named['version']}"
    root = SD15.parents[2]
    assert f"VOCABULARY := {pinned}\n" in (root / "Makefile").read_text(encoding="utf-8")
    readme = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    assert f"pip install --no-deps {pinned}" in readme


def test_a_vocabulary_that_is_not_there_is_said(tmp_path):
    shape = shutil.copytree(SD15, tmp_path / "sd15")
    named = shape / "tokenizer" / "vocabulary.json"
    held = json.loads(named.read_text())
    named.write_text(json.dumps(held | {"distribution": "no-such-thing"}))
    says = "its vocabulary is not installed; run pip install --no-deps no-such-thing==3"
    with pytest.raises(ModelError, match=says):
        vocabulary.tokenizer(shape)
    named.write_text(json.dumps(held | {"distribution": "numpy", "file": "numpy/__init__.py"}))
    with pytest.raises(ModelError, match="another vocabulary than its shape names"):
        vocabulary.tokenizer(shape)
