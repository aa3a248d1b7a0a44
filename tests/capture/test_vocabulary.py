"""gen/capture/vocabulary.py: prompts are split as Stable Diffusion 1.5 splits them."""

import json
import shutil
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

from gen.capture import plan, vocabulary, words  # noqa: E402
from gen.core import inputs  # noqa: E402
from gen.core.errors import ModelError  # noqa: E402
from gen.core.weighed import LARGEST  # noqa: E402

ROOT = Path(__file__).parents[2]
SD15 = ROOT / "sources" / "shapes" / "sd15"
OPTIONAL = ("sd15", "epicrealism")


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


@pytest.mark.skipif(not installed(), reason="needs pip install --no-deps open-clip-torch")
@pytest.mark.parametrize("model", OPTIONAL)
def test_every_text_asked_of_it_fits_in_the_places_that_clip_reads(model):
    tokenizer, given = vocabulary.tokenizer(SD15), inputs.read(ROOT)
    asked = [prompt for prompt in given.prompts if prompt.model == model]
    texts = {text for prompt in asked for text in (prompt.text, prompt.negative)}
    texts |= {*given.model(model).latent_map.prompts}
    assert len(texts) > 18
    assert {text: words.words_cut(tokenizer, text) for text in texts} == dict.fromkeys(texts, ())


@pytest.mark.skipif(not installed(), reason="needs pip install --no-deps open-clip-torch")
@pytest.mark.parametrize("model", OPTIONAL)
def test_all_captures_of_it_are_no_more_than_a_repository_may_carry(model):
    """Each that asks something else once, at the high end of what is foretold."""
    tokenizer, given = vocabulary.tokenizer(SD15), inputs.read(ROOT)
    asked = {replace(p, id="", idea="") for p in given.prompts if p.model == model}
    lengths = {prompt: len(words.tokens(tokenizer, prompt.text)) for prompt in asked}
    sizes = [plan.size(*each, sparing=True) for each in lengths.items()]
    low, high = (sum(ends) for ends in zip(*sizes, strict=True))
    assert not given.model(model).required
    assert low < high <= LARGEST


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
