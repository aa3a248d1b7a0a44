"""The required model as a reader's browser takes it: its folder without the encoder, its words."""

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gen.core.errors import BadInput
from gen.core.records import Capture
from gen.core.sources import Model

ELEMENTS = frozenset(("painter", "run-here"))  # that paint with it
SAMPLERS = ("DDIMScheduler", "DPMSolverMultistepScheduler")  # docs/assets/js/live/samplers.js
FOLDER = "live"  # under docs/; what the build makes there is no file of people
VAE = "vae/diffusion_pytorch_model.safetensors"
FILES = (
    "scheduler/scheduler_config.json",
    "text_encoder/config.json",
    "text_encoder/model.safetensors",
    "tokenizer/tokenizer.json",
    "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "vae/config.json",
    VAE,
)
DECODER = ("decoder.", "post_quant_conv.")  # how the names of its tensors begin
Tensor = tuple[str, dict[str, Any], bytes]  # its name, its type and shape, its values as they lie
WORDS, RECIPE = "words.txt", "recipe.json"  # beside the parts, where our own training saved them


@dataclass(frozen=True)
class Finish:
    """A finish that the model was taught, in the words for it."""

    name: str
    phrase: str  # with {colour} in it
    colours: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """What a prompt is made of where it is chosen and not typed, in the words of the captions."""

    finishes: tuple[Finish, ...] = ()
    bodies: tuple[str, ...] = ()
    worlds: tuple[tuple[str, str], ...] = ()  # name, and what a prompt says of it
    views: tuple[str, ...] = ()
    phrases: Mapping[str, Any] = field(default_factory=dict)  # all of them, as live/asked.js wants


@dataclass(frozen=True)
class Painter:
    """A model that a page can hand to a browser."""

    model: str  # its id
    folder: str  # under docs/: named by its revision, so that no cache holds another's
    files: Mapping[str, bytes]  # by path below that folder
    words: tuple[str, ...]  # that it was trained on; none where nobody knows
    grammar: Grammar

    @property
    def size(self) -> int:
        """Bytes to be fetched before it can paint."""
        return sum(map(len, self.files.values()))

    @property
    def megabytes(self) -> str:
        """The same, as a button says it."""
        return f"{self.size / 10**6:.0f} MB"

    def can(self, capture: Capture) -> bool:
        """Whether a browser can paint this capture again."""
        prompt = capture.prompt
        plain = not prompt.karras and prompt.clip_skip == 1
        return capture.model.id == self.model and prompt.scheduler in SAMPLERS and plain


def read(root: Path, model: Model) -> Painter | None:
    """The model's folder of this checkout; None for one that lies elsewhere. Raises BadInput."""
    place = root / model.location
    if model.kind != "folder" or model.revision is None:
        return None
    if not all((place / name).is_file() for name in FILES):
        return None
    files = {name: (place / name).read_bytes() for name in FILES}
    files[VAE] = decoder_half(files[VAE], f"{model.location}/{VAE}")
    return Painter(
        model.id,
        f"{FOLDER}/{model.revision[:16]}",
        files,
        tuple(_text(place / WORDS).split()),
        _grammar(_text(place / RECIPE)),
    )


def decoder_half(file: bytes, place: str) -> bytes:
    """A VAE's safetensors with the tensors of its decoder alone. Raises BadInput."""
    try:
        return _written(tuple(_chosen(*parted(file))))
    except (struct.error, ValueError, KeyError, TypeError):
        raise BadInput(f"{place}: is no safetensors file; check it out anew") from None


def parted(file: bytes) -> tuple[dict[str, Any], memoryview]:
    """A safetensors file's header, and the values after it. Raises struct.error, ValueError."""
    (length,) = struct.unpack_from("<Q", file)
    return json.loads(file[8 : 8 + length]), memoryview(file)[8 + length :]


def _chosen(header: Mapping[str, dict[str, Any]], body: memoryview) -> Iterator[Tensor]:
    """Each tensor that the decoder needs."""
    for name, entry in sorted(header.items()):
        if name.startswith(DECODER):
            first, last = entry["data_offsets"]
            if last > len(body):
                raise ValueError(name)
            yield name, entry, bytes(body[first:last])


def _written(tensors: Sequence[Tensor]) -> bytes:
    header, at = {}, 0
    for name, what, values in tensors:
        header[name] = what | {"data_offsets": [at, at + len(values)]}
        at += len(values)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that values begin at a multiple of eight
    return b"".join((struct.pack("<Q", len(text)), text, *(values for *_, values in tensors)))


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _grammar(text: str) -> Grammar:
    """The choices that a training's recipe had captions for; none where there is no recipe."""
    if not text:
        return Grammar()
    recipe = json.loads(text)["recipe"]
    captions = recipe["render"]["captions"]
    finishes = tuple(
        Finish(name, captions["finishes"][name][0], tuple(dict.fromkeys(finish["colours"])))
        for name, finish in recipe["render"]["finishes"].items()
    )
    return Grammar(
        finishes,
        tuple(phrases[0] for phrases in captions["bodies"].values()),
        tuple((name, phrases[0]) for name, phrases in captions["worlds"].items()),
        tuple(captions["views"]),
        _phrases(captions, finishes),
    )


def _phrases(captions: Mapping[str, Any], finishes: Iterable[Finish]) -> dict[str, Any]:
    """Every phrase for each finish, world and view."""
    kinds = {kind: _once(captions[kind]) for kind in ("finishes", "worlds", "views")}
    paints = {
        finish.name: {"phrases": kinds["finishes"][finish.name], "colours": finish.colours}
        for finish in finishes
    }
    return kinds | {"finishes": paints}


def _once(phrases: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Those that captions have more often are there once."""
    return {name: list(dict.fromkeys(texts)) for name, texts in phrases.items()}
