"""The required model as a reader's browser takes it: its folder without the encoder, its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gen.core.committed import refuse_other
from gen.core.loaded import INDEX
from gen.core.records import Capture
from gen.core.sources import Model
from gen.core.yamlfile import read_text
from gen.publish import taught, tensor_files
from gen.publish.lessons import Schooling, schooling
from gen.publish.taught import Captions, Taught

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
WORDS = "words.txt"  # beside the parts, where our own training saved it


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

    def colours(self, text: str) -> tuple[str, ...]:
        """Those that the finish of a prompt can have; all, where it names none."""
        for finish in self.finishes:
            paints = (finish.phrase.replace("{colour}", colour) for colour in finish.colours)
            if any(f"a {paint} " in text for paint in paints):
                return finish.colours
        return tuple(colour for finish in self.finishes for colour in finish.colours)

    def fresh(self, texts: Sequence[str]) -> frozenset[tuple[str, str]]:
        """Choices, each with its group, that none of these prompts has; "" is to choose none."""
        worlds = tuple(phrase for _, phrase in self.worlds)
        groups = {"body": self.bodies, "world": worlds, "view": self.views}
        return frozenset(
            (group, value)
            for group, values in groups.items()
            for value in (*values, "")
            if not any(value == _said(values, text) for text in texts)
        )


def _said(values: Sequence[str], text: str) -> str:
    """The first of these that a prompt says; "" where it says none."""
    return next((value for value in values if f" {value} " in f" {text.replace(',', ' ')} "), "")


@dataclass(frozen=True)
class Painter:
    """A model that a page can hand to a browser."""

    model: str  # its id
    folder: str  # under docs/: named by its revision, which is what its weights are
    files: Mapping[str, bytes]  # by path below that folder
    words: tuple[str, ...]  # that it was trained on; none where nobody knows
    grammar: Grammar
    schooling: Schooling | None = None  # where its training left a record

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
        plain = not prompt.karras and prompt.clip_skip == 1 and prompt.eta in (0, 1)
        return capture.model.id == self.model and prompt.scheduler in SAMPLERS and plain


def read(root: Path, model: Model) -> Painter | None:
    """The model's folder of this checkout; None for one that lies elsewhere.

    Raises ModelError for weights that are not the pinned ones, BadInput and BrokenRecord.
    """
    place = root / model.location
    if model.kind != "folder" or model.revision is None or not (place / INDEX).is_file():
        return None
    lying = {name: tensor_files.lying(place / name) for name in FILES}
    if not all(lying.values()):
        return None
    refuse_other(model, place)  # it would ship under the address of the pinned
    told = taught.read(place, model.location)
    return Painter(
        model.id,
        f"{FOLDER}/{model.revision[:16]}",
        {name: _file(model, name, paths) for name, paths in lying.items()},
        tuple(_text(place, model.location, WORDS).split()),
        _grammar(told),
        schooling(told),
    )


def _file(model: Model, name: str, paths: Sequence[Path]) -> bytes:
    """A file as a browser takes it: of shards one, of the VAE the half that it needs."""
    files = [path.read_bytes() for path in paths]
    if name == VAE:
        return tensor_files.joined(files, f"{model.location}/{name}", DECODER)
    return files[0] if not files[1:] else tensor_files.joined(files, f"{model.location}/{name}")


def _text(folder: Path, place: str, name: str) -> str:
    """A file of words; empty where there is none."""
    path = folder / name
    return read_text(path, f"{place}/{name}") if path.is_file() else ""


def _grammar(told: Taught | None) -> Grammar:
    """The choices that a training's recipe had captions for; none where there is no record."""
    if told is None:
        return Grammar()
    render, captions = told.recipe.render, told.recipe.render.captions
    finishes = tuple(
        Finish(name, captions.finishes[name][0], tuple(dict.fromkeys(finish.colours)))
        for name, finish in render.finishes.items()
    )
    return Grammar(
        finishes,
        tuple(phrases[0] for phrases in captions.bodies.values()),
        tuple((name, phrases[0]) for name, phrases in captions.worlds.items()),
        tuple(captions.views),
        _phrases(captions, finishes),
    )


def _phrases(captions: Captions, finishes: Iterable[Finish]) -> dict[str, Any]:
    """Every phrase for each finish, world and view."""
    phrases = _once(captions.finishes)
    paints = {
        finish.name: {"phrases": phrases[finish.name], "colours": finish.colours}
        for finish in finishes
    }
    return {
        "finishes": paints,
        "worlds": _once(captions.worlds),
        "views": _once(captions.views),
    }


def _once(phrases: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Those that captions have more often are there once."""
    return {name: list(dict.fromkeys(texts)) for name, texts in phrases.items()}
