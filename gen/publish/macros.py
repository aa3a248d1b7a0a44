"""What a mark on a page turns into: a link to its evidence, a figure, a lab, a diagram, a table."""

from dataclasses import dataclass, field
from itertools import combinations
from pathlib import PurePosixPath

from markupsafe import Markup

from gen.core.errors import BadInput, MissingRecord
from gen.core.measured import Measurement
from gen.core.records import SHEET_COLUMNS, Capture
from gen.core.sources import Comparison, Fact, Idea, Prompt, Source
from gen.core.yamlfile import nearest
from gen.publish import arithmetic as derived
from gen.publish import claims as prose
from gen.publish import diagram
from gen.publish import differences as compared
from gen.publish import idea_tags as tags
from gen.publish.diagram import Cite
from gen.publish.html import placeholders as aside
from gen.publish.materials import Stock, plain
from gen.publish.pictures import filmstrip as strip

ASKS = ("task.md", "workflow.md", "sources.md")  # the page that answers each ask of question.yml
BOX_FACTS = {  # the fact that each box of the diagram stands on
    "prompt": "task",
    "model": "whole-path",
    "image": "eight-bit",
    "tokenizer": "prompt-length",
    "text_encoder": "frozen-text-encoder",
    "noise": "noise-start",
    "unet": "noise-target",
    "guidance": "guidance",
    "scheduler": "clean-estimate",
    "vae": "latent-size",
    "stage": "unet-shape",
    "attention": "block-order",
    "self_attention": "self-attention",
    "cross_attention": "words-answer",
    "feed_forward": "block-order",
    "queries": "words-answer",
    "answers": "text-as-context",
    "sum": "block-order",
}
STAGES = ("text_encoder", "unet", "guidance", "scheduler", "vae")  # rows of the table of stages


MACROS = (  # the methods that prose calls
    *("question", "asks", "lab", "picture", "beside", "strip", "diagram", "stages"),
    *("ideas", "comparisons", "papers", "measured", "derived", "chart", "method", "example"),
)


@dataclass(frozen=True)
class Marks:
    """What the marks on one page turn into."""

    stock: Stock
    path: str
    blocks: list[str] = field(default_factory=list)  # HTML that stands aside from the prose

    def macros(self) -> dict:
        """Everything that prose and page templates may call, by name."""
        own = {name: getattr(self, name) for name in MACROS}
        silent = {"ours": self.ours, "guide": lambda: ""}
        helpers = {"marks": self, "cite": self.cite, "inputs": self.stock.inputs}
        return own | silent | helpers

    @property
    def up(self) -> str:
        """From this page's address to the top of the site: every page is a folder's index."""
        return "../" * address(self.path).count("/")

    # evidence

    def cite(self, mark: str) -> str:
        """One citation mark, without its brackets -> a link for each fact in it."""
        return " ".join(self.cited(ids) for ids in prose.citations(mark))

    def cited(self, ids: tuple[str, str]) -> str:
        """A quiet link to the place where a source says it."""
        source, fact = self.use(ids)
        to = f"{self.up}sources/#{source.id}-{fact.id}"
        href = source.url_of(fact) if fact.lines else to
        label = f"{source.id.upper()}, {where(fact)}"
        return (
            f'<a class="evidence cited" href="{href}" title="{plain(fact.text)}">{plain(label)}</a>'
        )

    def measured(self, of: str, name: str) -> str:
        """A figure of a measurement, or one read from an idea's capture by the required model."""
        if of in self.stock.measurements:
            return self._row(of, name)
        prompt, capture = self.find(of)
        if capture is None:
            return '<span class="missing">not captured</span>'
        figures = {figure.name: figure for figure in derived.figures(capture)}
        if name not in figures:
            raise BadInput(f"{self.path}: measured: no figure {name}; {nearest(name, figures)}")
        title = plain(
            f"{figures[name].says}; one capture by the {capture.model.title}, {capture.key}"
        )
        href = f"{self.up}ideas/{prompt.idea}/"
        return (
            f'<a class="evidence measured" href="{href}" title="{title}">{figures[name].value}</a>'
        )

    def _row(self, id: str, name: str) -> str:
        """The figure of a row, its interval and what it was measured on in its title."""
        rows = {row.name: row for row in self.stock.measurements[id][0].rows}
        if name not in rows:
            raise BadInput(f"{self.path}: measured: no row {name} in {id}; {nearest(name, rows)}")
        row = rows[name]
        if row.value is None:
            raise BadInput(f"{self.path}: measured: {id}, {name}: {row.note}; leave it out")
        sure = f", 95 % interval {row.low:.3g} to {row.high:.3g}" if row.low is not None else ""
        what = ", ".join(filter(None, (row.series, row.label)))
        title = plain(f"{what}: {row.value:.3g} {row.unit}{sure}, n = {row.n}")
        href = f"{self.up}measurements/{id}/"
        return f'<a class="evidence measured" href="{href}" title="{title}">{figure(row.value)}</a>'

    def derived(self, name: str) -> str:
        """A figure that is arithmetic on cited ones, followed by their citations."""
        if name not in derived.DERIVED:
            raise BadInput(f"{self.path}: derived: no {name}; {nearest(name, derived.DERIVED)}")
        figure = derived.DERIVED[name]
        cites = " ".join(self.cited(("sd", fact)) for fact in figure.facts)
        return f'<span title="{plain(figure.says)}">{figure.value}</span> {cites}'

    def ours(self) -> str:
        """Says that the paragraph is our own reading."""
        return '<span class="evidence ours">our reading</span>'

    # blocks

    def question(self) -> str:
        """The question as it was asked."""
        text = plain(self.stock.inputs.question.text)
        return f'<blockquote class="question"><p>{text}</p></blockquote>'

    def asks(self) -> str:
        """The three asks, each a link to the page that answers it."""
        pairs = zip(ASKS, self.stock.inputs.question.asks, strict=True)
        return "\n".join(
            f"{n}. [{plain(ask)}]({self.to(page)})" for n, (page, ask) in enumerate(pairs, 1)
        )

    def papers(self) -> str:
        """The recommended model and the papers, each a link to its part of the Sources page."""
        asked = self.stock.inputs.question
        sources = {source.id: source for source in self.stock.inputs.sources}
        return "\n".join(
            f"- [{plain(sources[id].title)}]({self.to('sources.md')}#{id})"
            for id in (asked.model, *asked.papers)
        )

    def lab(self, idea: str, model: str | None = None) -> str:
        """The step lab of one prompt."""
        prompt, capture = self.find(idea, model)
        return self.lab_of(prompt, capture)

    def lab_of(self, prompt: Prompt, capture: Capture | None, later: bool = False) -> str:
        """The step lab of a prompt's capture, or what to run where there is none.

        `later` is for one far down a page, whose picture need not be there at first.
        """
        if capture is None:
            return self.missing(prompt)
        events = derived.events(capture)
        steps = len(capture.steps)
        key_steps = derived.key_steps(steps)
        return self.block(
            "lab.html.j2",
            name=self.name(prompt),
            capture=capture,
            later=later,
            src=self.folder(capture),
            title=self.title(prompt),
            site=self.stock.site,
            here=f"{self.stock.address}{address(self.path)}",
            model_title=capture.model.title,
            columns=SHEET_COLUMNS,
            opens=key_steps[(len(key_steps) - 1) // 2],
            events=events,
            lanes=derived.lanes(tuple(event.step for event in events), steps),
            sheet_steps=derived.sheet_steps(capture),
            rows=derived.rows(capture),
        )

    def picture(self, idea: str) -> str:
        """The final picture of an idea, its model named."""
        prompt, capture = self.find(idea)
        if capture is None:
            return self.missing(prompt)
        return self.html("picture.html.j2", capture=capture, src=self.folder(capture))

    def beside(self, idea: str) -> str:
        """What light would do, and what the required model painted from the same words."""
        prompt, capture = self.find(idea)
        known = self.stock.references
        if idea not in known and not self.stock.preview:
            raise MissingRecord(
                f"{self.path}: beside: no reference shows what {idea} says; run python -m gen "
                f"study reference {idea}"
            )
        if idea not in known or capture is None:
            return self.missing(prompt)
        given = {"reference": known[idea], "capture": capture, "up": self.up}
        return self.html("beside.html.j2", **given, src=self.folder(capture))

    def strip(self, idea: str) -> str:
        """A few steps of an idea's run by the required model, from noise to picture."""
        prompt, capture = self.find(idea)
        if capture is None:
            return self.missing(prompt)
        self.stock.strips.add(capture.key)
        given = {"capture": capture, "steps": strip.steps(capture), "file": strip.FILE}
        return self.block("strip.html.j2", **given, src=self.folder(capture))

    def diagram(self, idea: str, model: str | None = None) -> str:
        """The pipeline that made an idea's picture, level by level, every box with its evidence."""
        prompt, capture = self.find(idea, model)
        if capture is None:
            return self.missing(prompt)
        cites = {box: self.box(fact) for box, fact in BOX_FACTS.items()}
        level = diagram.drawn(capture, cites, f"diagram-{self.name(prompt)}")
        src = self.folder(capture)
        return self.block("diagram.html.j2", level=level, capture=capture, src=src)

    def stages(self, idea: str) -> str:
        """The stages of the pipeline as a table."""
        prompt, capture = self.find(idea)
        if capture is None:
            return self.missing(prompt)
        cites = {stage: Markup(self.cited(("sd", BOX_FACTS[stage]))) for stage in STAGES}
        src = self.folder(capture)
        return self.block("stages.html.j2", capture=capture, src=src, cites=cites)

    def chart(self, id: str) -> str:
        """The chart of a measurement, and its rows as a table."""
        measurement, drawn = self.measurement("chart", id)
        src = f"{self.up}measurements/"
        return self.block(
            "chart.html.j2", measurement=measurement, svg=Markup(drawn), src=src, figure=figure
        )

    def method(self, id: str) -> str:
        """How a measurement was made, in its own words."""
        return f"<p>{plain(self.measurement('method', id)[0].method)}</p>"

    def example(self, id: str, wipe: tuple[str, ...] = (), **captions: str) -> str:
        """Pictures that a measurement keeps, named as its files are, each with a caption.

        Two of them named in `wipe` lie one over the other with a slider between them; a third one
        named there is their difference. Raises BadInput for a picture that is not kept.
        """
        measurement, _ = self.measurement("example", id)
        for name in wipe:
            if name not in captions:
                raise BadInput(
                    f"{self.path}: example: wipe names {name}, which has no caption; "
                    f"{nearest(name, captions)}"
                )
        files = {name: f"{id}-{name}.webp" for name in captions}
        for file in files.values():
            if file not in dict(measurement.digests):
                raise BadInput(f"{self.path}: example: {id} keeps no {file}; see its JSON")
        given = {"id": id, "captions": captions, "files": files, "wipe": wipe}
        given["sizes"] = {name: self.stock.sizes[file] for name, file in files.items()}
        return self.html("example.html.j2", src=f"{self.up}measurements/", **given)

    def measurement(self, mark: str, id: str) -> tuple[Measurement, str]:
        """What a mark asks for: a kept measurement and its chart. Raises BadInput."""
        known = self.stock.measurements
        if id not in known:
            raise BadInput(f"{self.path}: {mark}: no measurement {id}; {nearest(id, known)}")
        return known[id]

    def ideas(self) -> str:
        """A card for every idea, to be narrowed down by what the ideas say."""
        ideas = self.stock.inputs.ideas
        tagged = {idea.id: self.found_by(idea) for idea in ideas}
        return self.cards("ideas", ideas, tagged, tags.offered(list(tagged.values())))

    def comparisons(self) -> str:
        """A card for every comparison."""
        return self.cards("comparisons", self.stock.inputs.comparisons, {}, {})

    def cards(
        self,
        folder: str,
        groups: tuple[Idea | Comparison, ...],
        tagged: dict[str, tags.Tags],
        offered: dict[str, dict[str, int]],
    ) -> str:
        """A grid of links, each with the required model's picture; with what to narrow it by."""
        cards = []
        for group in groups:
            capture = self.capture(self.face(group))
            src = capture and self.folder(capture)
            tags = tagged.get(group.id, {})
            cards.append({"group": group, "capture": capture, "src": src, "tags": tags})
        labels = {model.id: model.title for model in self.stock.inputs.models}
        given = {"cards": cards, "offered": offered, "labels": labels}
        return self.block("cards.html.j2", folder=f"{self.up}{folder}/", **given)

    def found_by(self, idea: Idea) -> tags.Tags:
        """What an idea can be found by: its words, and the models that have made it."""
        made = tuple(prompt.model for prompt in idea.prompts if self.capture(prompt))
        return tags.read(self.face(idea).text) | {"model": made}

    def side_by_side(self, comparison: Comparison, prompts: list[Prompt]) -> str:
        """A comparison's runs by one model: a lab for any two of them, and all final pictures."""
        pairs = [(prompt, capture) for prompt in prompts if (capture := self.capture(prompt))]
        absent = [Markup(self.missing(prompt)) for prompt in prompts if not self.capture(prompt)]
        if not pairs:
            return absent[0]
        steps = derived.key_steps(max(len(capture.steps) for _, capture in pairs))
        return self.block(
            "side_by_side.html.j2",
            name=comparison.id + ("" if self.required(prompts[0]) else f"-{prompts[0].model}"),
            comparison=comparison,
            varies=comparison.varies.replace("_", " "),
            runs=self.runs(comparison, pairs),
            apart=self.apart([capture.key for _, capture in pairs]),
            absent=absent,
            columns=SHEET_COLUMNS,
            step=steps[(len(steps) - 1) // 2],
        )

    def runs(self, comparison: Comparison, pairs: list[tuple[Prompt, Capture]]) -> list[dict]:
        """The runs of a comparison, each with what was varied; words that differ are marked."""
        values = [self.value(comparison, prompt) for prompt, _ in pairs]
        phrases = compared.marked(values) if comparison.varies in ("text", "negative") else values
        return [
            {
                "capture": capture,
                "src": self.folder(capture),
                "value": value,
                "phrases": phrase if phrase != value else (),
            }
            for (_, capture), value, phrase in zip(pairs, values, phrases, strict=True)
        ]

    def apart(self, keys: list[str]) -> list[tuple[int, int, float]]:
        """How far the final pictures of runs lie apart, in pairs."""
        return [
            (one, other, self.stock.apart[keys[one], keys[other]])
            for one, other in combinations(range(len(keys)), 2)
        ]

    def value(self, comparison: Comparison, prompt: Prompt) -> str:
        """What the varied field is in one of a comparison's prompts."""
        value = getattr(prompt, comparison.varies)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def facts_of(self, capture: Capture) -> str:
        """The figures of one capture as a table."""
        src = self.folder(capture)
        return self.block(
            "facts.html.j2", capture=capture, src=src, figures=derived.figures(capture)
        )

    def source(self, source: Source) -> str:
        """One work with its facts, where each stands and which pages use it."""
        return self.html(
            "source.html.j2",
            source=source,
            where=where,
            up=self.up,
            used_on=self.used_on,
            address=address,
            page_title=self.stock.titles.get,
        )

    def models(self) -> str:
        """The models that a prompt may name, and their pins."""
        return self.block(
            "models.html.j2", models=self.stock.inputs.models, colours=self.stock.colours
        )

    def kept(self) -> str:
        """Every prompt that has a capture, with all that was asked."""
        rows = [
            {"prompt": p, "capture": c, "src": self.folder(c), "href": f"{self.up}ideas/{p.idea}/"}
            for p in self.stock.inputs.prompts
            if (c := self.capture(p))
        ]
        return self.block("kept.html.j2", rows=rows, made=self.stock.made)

    def missing(self, prompt: Prompt) -> str:
        """A sentence in the place of a capture that has not been made."""
        model = self.stock.inputs.model(prompt.model)
        return self.html("missing.html.j2", prompt=prompt, model=model)

    # looking up

    def block(self, template: str, **given) -> str:
        """An HTML template for code and eyes, not for the search: a mark, the HTML stands aside."""
        self.blocks.append(self.html(template, **given))
        return aside.mark(len(self.blocks) - 1)

    def html(self, template: str, **given) -> str:
        """An HTML template as one block that Markdown leaves alone."""
        rendered = self.stock.environment.get_template(template).render(**given)
        return "\n".join(line for line in rendered.splitlines() if line.strip())

    def find(self, idea: str, model: str | None = None) -> tuple[Prompt, Capture | None]:
        """The prompt of an idea for a model (the required one unless told) and its capture."""
        known = {prompt.id for prompt in self.stock.inputs.prompts}
        for prompt in self.stock.inputs.prompts:
            if prompt.id == idea and (
                prompt.model == model or (not model and self.required(prompt))
            ):
                return prompt, self.capture(prompt)
        raise BadInput(
            f"{self.path}: no prompt {idea} for {model or 'the required model'}; "
            f"{nearest(idea, known)}"
        )

    def capture(self, prompt: Prompt) -> Capture | None:
        """A prompt's capture; None where it may be missing. Raises MissingRecord."""
        key = self.stock.inputs.key(prompt)
        if key in self.stock.captures:
            return self.stock.captures[key]
        if self.required(prompt) and not self.stock.preview:
            raise MissingRecord(
                f"{prompt.id}: no capture {key}; run python -m gen capture {prompt.id}"
            )
        return None

    def face(self, group: Idea | Comparison) -> Prompt:
        """The prompt whose picture stands for an idea or a comparison."""
        return next(prompt for prompt in reversed(group.prompts) if self.required(prompt))

    def required(self, prompt: Prompt) -> bool:
        """Whether the site must have this prompt's capture."""
        return self.stock.inputs.model(prompt.model).required

    def name(self, prompt: Prompt) -> str:
        """What ids on a page call a prompt: the model is named unless it is the required one."""
        return prompt.id if self.required(prompt) else f"{prompt.id}-{prompt.model}"

    def title(self, prompt: Prompt) -> str:
        """The title of the idea that a prompt words."""
        return next(idea.title for idea in self.stock.inputs.ideas if idea.id == prompt.idea)

    def folder(self, capture: Capture) -> str:
        """A capture's folder as seen from this page."""
        return f"{self.up}captures/{capture.key}/"

    def use(self, ids: tuple[str, str], place: str = "") -> tuple[Source, Fact]:
        """The fact of these ids, noted as used on this page; `place` names them, else the page."""
        found = prose.find(place or self.path, ids, self.stock.facts)
        self.stock.uses.setdefault(ids, set()).add(self.path)
        return found

    def box(self, fact: str) -> Cite:
        """Where a box of the diagram leads."""
        source, found = self.use(("sd", fact), "gen/publish/macros.py")
        label = f"{source.id.upper()}, {where(found)}"
        return Cite(source.url_of(found), label, found.text)

    def to(self, page: str) -> str:
        """A page's path as seen from this page's file, for Markdown to check."""
        return "../" * (len(PurePosixPath(self.path).parts) - 1) + page

    def used_on(self, source: Source, fact: Fact) -> list[str]:
        """The paths of the pages that cite a fact."""
        return sorted(self.stock.uses.get((source.id, fact.id), set()))


def address(path: str) -> str:
    """A page's address from the top of the site: "ideas/x.md" is "ideas/x/"."""
    parts = [part for part in PurePosixPath(path).with_suffix("").parts if part != "index"]
    return "".join(f"{part}/" for part in parts)


def where(fact: Fact) -> str:
    """A fact's place in a few words: lines, sentence, or section of another version."""
    if fact.lines:
        first, last = fact.lines.first, fact.lines.last
        return f"line {first}" if first == last else f"lines {first}–{last}"
    return f"sentence {fact.sentence}" if fact.sentence else fact.place


def figure(value: float) -> str:
    """A measured value with three digits that mean something, never as a power of ten."""
    if abs(value) < 1e-4:  # what rounding leaves of nothing
        return "0"
    written = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return written.replace("-", "−")  # a minus, not a hyphen
