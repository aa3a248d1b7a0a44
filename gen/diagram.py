"""A capture's parts -> an SVG of its pipeline, input to image, each box a link to its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gen.records import Capture, Part

WIDTH = 360  # units; a phone shows them at about one pixel each
LINE = 20  # from one line of text to the next: 14-unit letters
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

BOXES = (
    "prompt",
    "tokenizer",
    "text_encoder",
    "noise",
    "unet",
    "guidance",
    "scheduler",
    "vae",
    "image",
)


@dataclass(frozen=True)
class Cite:
    """Where a box leads and how that is read out."""

    url: str
    label: str


@dataclass(frozen=True)
class Box:
    """One drawn stage: a rectangle with a title and some lines, linked to its cited line."""

    name: str
    title: str
    lines: tuple[str, ...]
    cite: Cite | None
    x: int
    y: int
    width: int

    @property
    def height(self) -> int:
        """Title, lines and margins, in units."""
        return 34 + LINE * len(self.lines)

    @property
    def bottom(self) -> int:
        """The lower edge, in units."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """The x of the centre, in units."""
        return self.x + self.width // 2


def shape(size: tuple[int, ...]) -> str:
    """A tensor's shape without its batch, width first: (1, 4, 64, 96) is "96 × 64 × 4"."""
    if len(size) == 4:
        size = (size[0], size[3], size[2], size[1])  # pictures are read width, height, channels
    return " × ".join(f"{n:,}" for n in size[1:]) or "1"


def count(parameters: int) -> str:
    """A number of parameters in three figures: 859520964 is "860 M"."""
    for unit, scale in (("M", 10**6), ("k", 10**3)):
        if parameters >= scale:
            value = parameters / scale
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return str(parameters)


def svg(capture: Capture, cites: Mapping[str, Cite], name: str) -> str:
    """The diagram of one capture; `cites` by names of BOXES, `name` unique on the page."""
    boxes = {box.name: box for box in _boxes(capture, cites)}
    template = _templates.get_template("diagram.svg.j2")
    return template.render(
        boxes=boxes,
        capture=capture,
        name=name,
        width=WIDTH,
        height=boxes["image"].bottom + 4,
        line=LINE,
    )


def _boxes(capture: Capture, cites: Mapping[str, Cite]) -> list[Box]:
    """Every box in its place, top to bottom; the loop's three boxes stand inside its frame."""
    boxes, y = [], 4
    for name, title, lines in _stages(capture):
        inside = name in ("unet", "guidance", "scheduler")
        half = name in ("text_encoder", "noise")  # side by side: both feed the U-Net
        x, width = (28, WIDTH - 56) if inside else (4, WIDTH - 8)
        if half:
            width = (WIDTH - 24) // 2
            x = 4 if name == "text_encoder" else WIDTH - 4 - width
        box = Box(name, title, tuple(lines), cites.get(name), x, y, width)
        boxes.append(box)
        if name == "text_encoder":
            continue  # the noise starts at the same height
        y = box.bottom + {"noise": 62, "scheduler": 56}.get(name, 28)
    return boxes


def _stages(capture: Capture) -> list[tuple[str, str, list[str]]]:
    prompt, unet = capture.prompt, capture.part("unet")
    encoder, vae = capture.part("text_encoder"), capture.part("vae")
    latents, context = unet.takes[0], encoder.gives[0]
    return [
        ("prompt", "Your words", [*_fit(f"“{prompt.text}”", 44), f"seed {prompt.seed}"]),
        (
            "tokenizer",
            "tokenizer",
            [f"{len(capture.tokens)} tokens, padded to {context[1]} places"],
        ),
        ("text_encoder", "text encoder", [*_class(encoder), f"gives {shape(context)}"]),
        ("noise", "noise", ["Gaussian", f"from seed {prompt.seed}", shape(latents)]),
        ("unet", "U-Net", [*_class(unet), f"latents {shape(latents)}", f"text {shape(context)}"]),
        ("guidance", "guidance", [f"prompted against unprompted, scale {prompt.guidance_scale:g}"]),
        (
            "scheduler",
            "scheduler",
            [prompt.scheduler, f"{len(capture.steps)} steps, noise to less noise"],
        ),
        ("vae", "VAE decoder", [*_class(vae), f"{shape(latents)} becomes {shape(vae.gives[0])}"]),
        ("image", "Your picture", [f"{prompt.width} × {prompt.height} pixels"]),
    ]


def _class(part: Part) -> list[str]:
    return [part.cls, f"{count(part.parameters)} parameters"]


def _fit(text: str, letters: int) -> list[str]:
    """Lines of at most so many letters, at most three."""
    lines = wrap(text, letters) or [""]
    return lines if len(lines) <= 3 else [*lines[:2], lines[2][: letters - 1] + "…"]
