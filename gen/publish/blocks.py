"""What prose shows of captures and measurements: labs, pictures, the diagram, charts."""

from collections.abc import Sequence

from markupsafe import Markup

from gen.core.errors import MissingRecord
from gen.core.records import SHEET_COLUMNS, Capture
from gen.core.sources import Prompt
from gen.publish import diagram as diagrams
from gen.publish import (
    diagram_kinds,
    evidence,
    page,
    painting,
    pipelines,
    run_figures,
    station,
    templating,
)
from gen.publish.diagram_boxes import Cite
from gen.publish.draft import Draft
from gen.publish.macros import macro, template_macro
from gen.publish.pictures import call_outs, filmstrip, moving, smaller, upscaled
from gen.publish.wording import in_words, lines

WORD = "word"  # the measurement of where a word works
STAGES = ("text_encoder", "unet", "guidance", "scheduler", "vae")  # rows of the table of stages


@macro
def lab(draft: Draft, idea: str, model: str | None = None) -> str:
    """The step lab of one prompt."""
    return lab_of(draft, *draft.find(idea, model))


@template_macro
def lab_of(
    draft: Draft, prompt: Prompt, capture: Capture | None, later: bool = False, folded: str = ""
) -> str:
    """The step lab of a prompt's capture, or what to run where there is none.

    `later` is for one far down a page, whose picture need not be there at first; one that is
    `folded` opens below these words.
    """
    if capture is None:
        return draft.missing(prompt)
    events, steps = run_figures.events(capture), len(capture.steps)
    return draft.aside(
        "lab",
        name=draft.materials.name(prompt),
        capture=capture,
        later=later,
        folded=folded,
        src=draft.folder(capture),
        site=draft.materials.site,
        here=f"{draft.materials.address}{page.address(draft.path)}",
        model_title=capture.model.title,
        columns=SHEET_COLUMNS,
        opens=1,
        opens_word=run_figures.opening_word(capture),
        events=events,
        lanes=run_figures.lanes(tuple(event.step for event in events), steps),
        sheet_steps=run_figures.sheet_steps(capture),
        rows=run_figures.rows(capture),
        again=Markup(painting.again(draft, capture)),
        works=f"{draft.up}measurements/{WORD}/" if WORD in draft.materials.measurements else "",
    )


@macro
def picture(draft: Draft, idea: str) -> str:
    """The final picture of an idea, its model named."""
    prompt, capture = draft.find(idea)
    if capture is None:
        return draft.missing(prompt)
    return templating.html("picture.html.j2", capture=capture, src=draft.folder(capture))


@macro
def beside(draft: Draft, idea: str) -> str:
    """What light would do, and what the required model painted from the same words."""
    prompt, capture = draft.find(idea)
    reference = draft.materials.references.get(idea)
    if reference is None and not draft.materials.preview:
        raise MissingRecord(
            f"{draft.path}: beside: no reference shows what {idea} says; run python -m gen "
            f"study reference {idea}"
        )
    if reference is None or capture is None:
        return draft.missing(prompt)
    both = {"reference": reference, "capture": capture}
    return templating.html("beside.html.j2", **both, up=draft.up, src=draft.folder(capture))


@macro
def strip(draft: Draft, idea: str) -> str:
    """A few steps of an idea's run by the required model, from noise to picture."""
    prompt, capture = draft.find(idea)
    if capture is None:
        return draft.missing(prompt)
    return draft.aside("strip", capture=capture, **_few_steps(draft, capture))


@macro
def path(draft: Draft, idea: str) -> str:
    """The way from an idea's words to its picture, drawn in a few stations."""
    prompt, capture = draft.find(idea)
    if capture is None:
        return draft.missing(prompt)
    seen = _few_steps(draft, capture)
    return draft.aside("path", capture=capture, stations=station.stations(capture), **seen)


def _few_steps(draft: Draft, capture: Capture) -> dict[str, object]:
    """The film strip of a capture, which the page then needs."""
    draft.strips.add(capture.key)
    steps, src = filmstrip.steps(capture), draft.folder(capture)
    return {"steps": steps, "file": filmstrip.FILE, "src": src}


@macro
def loop(draft: Draft, idea: str, beside: str = "") -> str:
    """An idea's run by the required model as a clip of some seconds, to watch and to take along.

    Its caption says how much larger the model `beside` is, so that nobody expects its pictures.
    """
    prompt, capture = draft.find(idea)
    if capture is None:
        return draft.missing(prompt)
    draft.loops.add(capture.key)
    sizes = [pipelines.captured(capture)]
    if beside:
        larger = draft.materials.prompt(draft.path, idea, beside)
        sizes += filter(None, [pipelines.of(draft.materials, larger)])
    files = {"still": upscaled.FILE, "file": moving.FILE, "src": draft.folder(capture)}
    name = f"{draft.materials.name(prompt)}.webp"
    told = {"capture": capture, "name": name, "seconds": moving.SECONDS}
    said = [(each.model.title, in_words(each.parameters)) for each in sizes]
    return draft.aside("loop", sizes=said, **told, **files)


@macro
def staged(draft: Draft, id: str) -> str:
    """A path-traced picture set up for the site, with what its bodywork mirrors where."""
    known = draft.materials.staged
    if id not in known:
        raise MissingRecord(f"{draft.path}: staged: no {id} is kept; run python -m gen study stage")
    shown = known[id]
    labels = tuple(call_outs.placed(spot) for spot in shown.mirrored)
    file = f"{draft.up}staged/{id}.webp"
    sizes = {smaller.named(file, width): width for width in smaller.WIDTHS} | {file: shown.width}
    return draft.aside("staged", shown=shown, labels=labels, file=file, sizes=sizes)


@macro
def diagram(draft: Draft, idea: str, model: str | None = None, beside: str | None = None) -> str:
    """The pipeline that makes an idea's picture, level by level, every box with its evidence.

    Of the required model unless one is named; `beside` names another, drawn to the same scale. A
    model that nobody has captured is drawn from its shape.
    """
    names = (model,) if beside is None else (model, beside)
    prompts = [draft.materials.prompt(draft.path, idea, name) for name in names]
    return _drawn(draft, prompts)


@template_macro
def diagram_of(draft: Draft, prompt: Prompt) -> str:
    """The pipeline that made a prompt's picture."""
    return _drawn(draft, [prompt])


def _drawn(draft: Draft, prompts: Sequence[Prompt]) -> str:
    """Pipelines side by side; what to run for the first of them that is not there."""
    shown = {prompt: pipelines.of(draft.materials, prompt) for prompt in prompts}
    for prompt, pipeline in shown.items():
        if pipeline is None:
            return draft.missing(prompt)
    cites = {box: _cite(draft, fact) for box, fact in diagram_kinds.FACTS.items()}
    named = {f"diagram-{draft.materials.name(p)}": one for p, one in shown.items() if one}
    sides = tuple(zip(diagrams.side_by_side(named, cites), named.values(), strict=True))
    return draft.aside("diagram", sides=sides, up=draft.up)


@macro
def stages(draft: Draft, idea: str) -> str:
    """The stages of the pipeline as a table."""
    prompt, capture = draft.find(idea)
    if capture is None:
        return draft.missing(prompt)
    facts = {stage: ("sd", diagram_kinds.FACTS[stage]) for stage in STAGES}
    cites = {stage: Markup(evidence.link(draft, ids)) for stage, ids in facts.items()}
    return draft.aside("stages", capture=capture, src=draft.folder(capture), cites=cites)


def _cite(draft: Draft, fact: str) -> Cite:
    """Where a box of the diagram leads."""
    source, cited = draft.use(("sd", fact), "gen/publish/diagram_kinds.py")
    place = lines(cited.lines) if cited.lines else cited.place
    label = f"{source.id.upper()}, {place}"
    return Cite(source.url_of(cited), label, cited.text)
