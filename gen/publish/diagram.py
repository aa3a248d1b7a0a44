"""A pipeline's parts -> levels of boxes, each in a box of the one above, down to one attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gen.core.records import Part
from gen.publish.diagram_boxes import Box, Cite, Frame, Level, Scale, Trail, framed
from gen.publish.diagram_kinds import kind_of, named, spelled
from gen.publish.pipelines import Pipeline
from gen.publish.wording import count, percent, shape

STAGES = {"down_blocks": "way down", "mid_block": "the middle", "up_blocks": "way up"}
INTROS = {  # what to know before looking at a level: our reading
    "whole": "From outside there is little to see: words and chance go in, a picture comes out. "
    "None of the boxes is there for shine.",
    "model": "Two strands meet: what your words mean, and noise. The framed part runs again at "
    "every step and leaves a little less noise. The decoder has the last word. Shine is asked for "
    "by the words, settled in the loop, and given its hard edges by the decoder.",
    "unet": "A U on its side. Each frame within a frame is a coarser grid, so a place there "
    "sees more of the picture. What goes across skips the frames between and keeps the detail. "
    "A mirror needs both: sky and door seen at once, and a sharp edge between bright and dark.",
    "stage": "One stage of the U. Where it holds attention, this is where the words come in, "
    "the one for the paint among them.",
    "attention": "The grid is read as one row of places. They look at each other, then at "
    "the words. So a door can draw on the sky half a picture away: a means for a reflection, "
    "and no guarantee of a right one.",
    "cross_attention": "Here a word meets a place in the picture. Places ask, words answer. "
    "Where “chrome” is read is not yet where it acts.",
}

ALIKE = "The same boxes, drawn to the same scale, with "
NEITHER = "None of them is there for shine either."


def side_by_side(pipelines: Mapping[str, Pipeline], cites: Mapping[str, Cite]) -> tuple[Level, ...]:
    """The outermost level of each pipeline's diagram, all others inside it, drawn to one scale.

    `cites` by names of boxes. Each pipeline's name begins all its ids and must be unique on the
    page. What a fact says is told in the first box that stands on it.
    """
    scale = Scale.of([part.gives[0] for one in pipelines.values() for part in _unet(one)])
    texts: set[str] = set()
    first, *others = (
        _Diagram(one, cites, name, scale, texts).whole() for name, one in pipelines.items()
    )
    small, *larger = (one.parameters for one in pipelines.values())
    told = [
        replace(level, intro=f"{ALIKE}{more / small:,.0f} times as many parameters. {NEITHER}")
        for level, more in zip(others, larger, strict=True)
    ]
    return (first, *told)


def _unet(pipeline: Pipeline) -> list[Part]:
    return [part for part in pipeline.parts if part.name.startswith("unet.")]


@dataclass
class _Diagram:
    """One pipeline's diagram, made from the outside in."""

    pipeline: Pipeline
    cites: Mapping[str, Cite]
    name: str
    scale: Scale
    texts: set[str]  # of the facts that stand in a box already

    def whole(self) -> Level:
        """Input, model, output."""
        prompt, trail = self.pipeline.prompt, ((self.name, "The whole"),)
        words = (f"“{prompt.text}”", f"seed {prompt.seed}")
        pixels = (f"{prompt.width} × {prompt.height} pixels",)
        parameters = (f"{count(self.pipeline.parameters)} parameters",)
        return _level(
            "whole",
            trail,
            self.box("prompt", "Input: words and chance", words),
            replace(self.box("model", "Model", parameters), inside=self.model(trail)),
            self.box("image", "Output: a picture", pixels),
        )

    def model(self, trail: Trail) -> Level:
        """The pipeline's parts, the loop in a frame."""
        trail = (*trail, (f"{self.name}-model", "The model"))
        words = Frame("strand", "words", (self.tokenizer(), self.text_encoder()))
        noise = Frame("strand", "chance", (self.noise(),))
        steps = (self.unet_box(trail), self.guidance(), self.scheduler())
        label = f"the loop, {self.pipeline.prompt.evaluations} times"
        pair, loop = Frame("pair", "", (words, noise)), Frame("loop", label, steps)
        decoder = self.pipeline.part("vae.decoder")
        figures = self.figures(decoder)
        return _level("model", trail, pair, loop, self.box("vae", "VAE decoder", figures))

    def tokenizer(self) -> Box:
        """What cuts the prompt into tokens."""
        part, pieces = self.pipeline.part("tokenizer"), self.pipeline.pieces
        tokens = f"{len(pieces)} tokens" if pieces else "tokens"
        figures = (f"{tokens}, padded to {part.gives[0][1]} places", spelled(pieces))
        return self.box("tokenizer", "tokenizer", (*filter(None, figures),), part.cls)

    def text_encoder(self) -> Box:
        """What makes a vector of each token; its summary of the whole is not used."""
        part = self.pipeline.part("text_encoder")
        _, *figures = self.figures(replace(part, gives=part.gives[:1]))
        takes = f"takes {part.takes[0][1]} token places"
        return self.box("text_encoder", "text encoder", (takes, *figures), part.cls)

    def noise(self) -> Box:
        """Where the latents begin."""
        latents = self.pipeline.part("unet").takes[0]
        figures = (f"{shape(latents)} numbers", f"from seed {self.pipeline.prompt.seed}")
        return self.box("noise", "noise", figures)

    def guidance(self) -> Box:
        """What compares the two predictions, where there are two."""
        both = self.pipeline.part("unet").gives[0][0]
        figures = (f"{both} predictions, scale {self.pipeline.prompt.guidance_scale:g}",)
        return self.box("guidance", "guidance", figures)

    def scheduler(self) -> Box:
        """What takes a step."""
        part = self.pipeline.part("scheduler")
        figures = (f"takes {shape(part.takes[0])}, gives {shape(part.gives[0])}",)
        return self.box("scheduler", "scheduler", figures, part.cls)

    def unet_box(self, trail: Trail) -> Box:
        """The U-Net from outside, its stages inside."""
        part = self.pipeline.part("unet")
        figures = (*self.figures(part), f"called {part.runs} times")
        box = self.box("unet", "U-Net", figures, part.cls)
        return replace(box, inside=self.unet(trail))

    def unet(self, trail: Trail) -> Level:
        """The stages of the U-Net, each run on a coarser grid in a frame of its own."""
        trail = (*trail, (f"{self.name}-unet", "U-Net"))
        boxes = [(part.takes[0], self.stage_box(part, trail)) for part in self.inside("unet")]
        loose = [box for size, box in boxes if len(size) != 4]  # it has no grid: the noise level
        return _level("unet", trail, *loose, *framed([b for b in boxes if len(b[0]) == 4]))

    def stage_box(self, part: Part, trail: Trail) -> Box:
        """One part of the U-Net; one that holds parts of its own opens."""
        stage, *at = part.name.split(".")[1:]
        if stage not in STAGES:
            return self.part_box(part, trail)
        title = f"{STAGES[stage]}, stage {int(at[0]) + 1}" if at else STAGES[stage]
        box = self.box("stage", title, self.figures(part), part.cls, slab=self.slab(part))
        trail = (*trail, (self.id(part), title[0].upper() + title[1:]))
        rows = [self.part_box(child, trail) for child in self.inside(part.name)]
        return replace(box, inside=_level("stage", trail, *rows))

    def part_box(self, part: Part, trail: Trail) -> Box:
        """A part inside a stage; the first attention of the U-Net opens, the others lead to it."""
        kind, title, ours = kind_of(part)
        box = self.box(kind, title, self.figures(part), part.cls, ours, self.slab(part))
        if kind != "attention":
            return box
        first = next(p for p in self.pipeline.parts if p.cls == part.cls)
        if part is first:
            return replace(box, inside=self.attention(part, trail))
        alike = self.kinds(part) == self.kinds(first)
        return replace(box, like=self.id(first) if alike else "")

    def attention(self, part: Part, trail: Trail) -> Level:
        """What an attention part holds, its transformer blocks in frames."""
        trail = (*trail, (self.id(part), "Attention"))
        rows: list[Box | Frame] = []
        for child in self.inside(part.name):
            if inner := self.inside(child.name):
                boxes = tuple(self.attending(part, trail) for part in inner)
                rows.append(Frame("block", "transformer block", boxes))
            else:
                rows.append(self.part_box(child, trail))
        return _level("attention", trail, *rows)

    def attending(self, part: Part, trail: Trail) -> Box:
        """A part of a transformer block; the attention that also takes words opens."""
        if len(part.takes) < 2:
            return self.part_box(part, trail)
        box = self.box("cross_attention", "cross-attention", self.figures(part), part.cls)
        return replace(box, inside=self.cross(part, trail))

    def cross(self, part: Part, trail: Trail) -> Level:
        """One cross-attention, drawn from what it took and gave."""
        trail = (*trail, (self.id(part), "Cross-attention"))
        (_, places, width), (_, words, size) = part.takes[:2]
        asking = (f"{places:,} places, {width:,} numbers each",)
        answering = (f"{words:,} places, {size:,} numbers each",)
        pair = (
            Frame("strand", "picture", (self.box("queries", "queries", asking),)),
            Frame("strand", "words", (self.box("answers", "keys and values", answering),)),
        )
        ours = "How much each place looks at each token. The step lab draws averages of them."
        weights = self.box("weights", "weights", (f"{places:,} × {words:,} a head",), ours=ours)
        mixed = self.box("sum", "what the words add", (f"gives {shape(part.gives[0])}",))
        return _level("cross_attention", trail, Frame("pair", "", pair), weights, mixed)

    def box(
        self,
        name: str,
        title: str,
        figures: tuple[str, ...],
        cls: str = "",
        ours: str = "",
        slab: tuple[int, int, int] | None = None,
    ) -> Box:
        """A closed box with its fact, told in words where it is the first to stand on it."""
        cite = self.cites.get(name)
        tells = cite is not None and cite.text not in self.texts
        if cite is not None:
            self.texts.add(cite.text)
        return Box(name, title, figures, cls, cite, tells, ours, slab)

    def figures(self, part: Part) -> tuple[str, ...]:
        """What a part took, gave, holds and cost, in words."""
        size, share = count(part.parameters), percent(part.flops_share)
        return (
            f"takes {named(part.takes)}",
            f"gives {named(part.gives)}",
            f"{size} parameters, {share} of the arithmetic",
        )

    def slab(self, part: Part) -> tuple[int, int, int] | None:
        """What a part gives as a block to scale."""
        return self.scale.slab(part.gives[0])

    def inside(self, name: str) -> list[Part]:
        """The parts right inside a part, as they ran."""
        return [part for part in self.pipeline.parts if part.parent == name]

    def kinds(self, part: Part) -> list[str]:
        """The classes of all parts inside one, as they ran."""
        return [p.cls for p in self.pipeline.parts if p.name.startswith(f"{part.name}.")]

    def id(self, part: Part) -> str:
        """The id of the level inside a part. No dots: after one, an address holds a lab's state."""
        return f"{self.name}-{part.name.replace('.', '-').replace('_', '-')}"


def _level(kind: str, trail: Trail, *rows: Box | Frame) -> Level:
    id, title = trail[-1]
    return Level(id, title, INTROS[kind], trail, rows)
