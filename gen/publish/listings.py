"""What pages list: the question and its asks, cards, sources and their facts, models, captures."""

from collections.abc import Mapping, Sequence

from gen.core.records import Capture
from gen.core.sources import Comparison, Fact, Idea, Prompt, Source
from gen.publish import idea_tags, page, run_figures, seen, templating
from gen.publish.draft import Draft
from gen.publish.macros import macro, template_macro
from gen.publish.wording import lines, plain, sampler

ASKS = ("task.md", "workflow.md", "sources.md")  # the page that answers each ask of question.yml
PAGE = 48  # cards of the gallery on show at once, where there is a script: whole rows of 2, 3 or 4


@macro
def question(draft: Draft) -> str:
    """The question as it was asked."""
    text = plain(draft.materials.inputs.question.text)
    return f'<blockquote class="question"><p>{text}</p></blockquote>'


@macro
def asks(draft: Draft) -> str:
    """The three asks, each a link to the page that answers it."""
    pairs = zip(ASKS, draft.materials.inputs.question.asks, strict=True)
    lines = (f"[{plain(ask)}]({draft.to(path)})" for path, ask in pairs)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


@macro
def works(draft: Draft) -> str:
    """Which work carries which part of the answer, and what it leaves open: a table."""
    question = draft.materials.inputs.question
    known = {source.id: source for source in draft.materials.inputs.sources}
    works = [known[id] for id in (question.model, *question.papers)]
    return draft.aside("works", works=works, sources=f"{draft.up}{page.address('sources.md')}")


@macro
def ideas(draft: Draft) -> str:
    """A card for every idea, to be narrowed down by what the ideas say."""
    groups = draft.materials.inputs.ideas
    tags = {idea.id: _tags(draft, idea) for idea in groups}
    offered = idea_tags.offered(list(tags.values()))
    labels = {model.id: model.title for model in draft.materials.inputs.models}
    cards = {"cards": _cards(draft, groups, tags), "folder": f"{draft.up}ideas/"}
    return draft.aside("gallery", offered=offered, labels=labels, page=PAGE, **cards)


@macro
def contact(draft: Draft, *ideas: str) -> str:
    """The pictures of some ideas, laid out as prints are. Raises BadInput for one not known."""
    known = {idea.id: idea for idea in draft.materials.inputs.ideas}
    groups = [known[draft.find(id)[0].idea] for id in ideas]
    return draft.aside("contact", cards=_cards(draft, groups, {}), folder=f"{draft.up}ideas/")


@macro
def others(draft: Draft) -> str:
    """The pictures of each model that need not have any, as prints, under its name."""
    sheets = []
    for model in draft.materials.inputs.models:
        cards = [] if model.required else _own_cards(draft, model.id)
        if cards:
            shown = draft.aside("contact", cards=cards, folder=f"{draft.up}ideas/")
            sheets += [f"## Pictures by {plain(model.title)}", shown]
    return "\n\n".join(sheets)


@macro
def comparisons(draft: Draft) -> str:
    """A card for every comparison, with its first picture beside its last."""
    groups = draft.materials.inputs.comparisons
    made, faces = draft.materials.capture, draft.materials.faces
    firsts = (_picture(draft, made(faces(group)[0])) for group in groups)
    pairs = zip(_cards(draft, groups, {}), firsts, strict=True)
    cards = [card | {"first": first} for card, first in pairs]
    for card, group in zip(cards, groups, strict=True):
        card["seen"] = seen.in_pictures(draft.materials, group)
    return draft.aside("cards", cards=cards, folder=f"{draft.up}comparisons/")


@template_macro
def capture_of(draft: Draft, prompt: Prompt) -> Capture | None:
    """A prompt's capture; None where it may be missing. Raises MissingRecord."""
    return draft.materials.capture(prompt)


@template_macro
def shown_in(draft: Draft, idea: Idea, capture: Capture | None) -> str:
    """What an idea's picture shows; nothing where it was said of another."""
    return seen.in_picture(idea, capture)


@template_macro
def placed(draft: Draft, prompts: Sequence[Prompt]) -> Sequence[Prompt]:
    """Those of a page's prompts that it has a place for.

    One that nobody must have made waits unseen until it is, unless the page would stand empty.
    """
    needed, made = draft.materials.required, draft.materials.capture
    return [prompt for prompt in prompts if needed(prompt) or made(prompt)] or prompts


@macro
def uncaptured(draft: Draft) -> str:
    """The models that prompts are worded for and that have no picture here, in a sentence."""
    prompts = draft.materials.inputs.prompts
    drawn = {prompt.model for prompt in prompts if draft.materials.capture(prompt)}
    wanting = [m for m in draft.materials.inputs.models if not m.required and m.id not in drawn]
    if not wanting:
        return "Each model that our prompts are worded for has its pictures here."
    names = " and ".join(f"{plain(model.title)} (`{model.id}`)" for model in wanting)
    how = "`python -m gen capture --model MODEL --weights FILE`"
    return (
        f"Our prompts are worded for {names} too, but no weights of theirs are part of this site. "
        f"Whoever has them adds their pictures to every page with {how}."
    )


@template_macro
def facts_of(draft: Draft, capture: Capture) -> str:
    """The figures of one capture as a table."""
    figures, src = run_figures.figures(capture), draft.folder(capture)
    own = draft.materials.required(capture.prompt)  # what prose calls measured is its
    return draft.aside("facts", capture=capture, src=src, figures=figures, own=own)


@template_macro
def facts_from(draft: Draft, source: Source) -> str:
    """One work with its facts, where each stands and which pages before this one use it."""
    uses, titles = draft.ledger.uses, draft.ledger.titles

    def used_on(fact: Fact) -> list[tuple[str, str]]:
        paths = uses.get((source.id, fact.id), ())
        return [(f"{draft.up}{page.address(path)}", titles[path]) for path in paths]

    return templating.html("source.html.j2", source=source, lines=lines, used_on=used_on)


@template_macro
def models(draft: Draft) -> str:
    """The models that a prompt may name, and their pins."""
    known, colours = draft.materials.inputs.models, draft.materials.colours
    return draft.aside("models", models=known, colours=colours)


@macro
def schooling(draft: Draft) -> str:
    """The stages of the required model's training as tables; a line where it left no record."""
    painter = draft.materials.painter
    told = painter and painter.schooling
    if not told:
        return "The training of this model left no record beside its weights."
    return draft.aside("schooling", told=told)


@template_macro
def captures(draft: Draft) -> str:
    """Every prompt that has a capture, with all that it asks for."""
    rows = [
        {
            "prompt": prompt,
            "capture": capture,
            "src": draft.folder(capture),
            "href": f"{draft.up}ideas/{prompt.idea}/",
            "sampler": sampler(prompt),
        }
        for prompt in draft.materials.inputs.prompts
        if (capture := draft.materials.capture(prompt))
    ]
    return draft.aside("captures", rows=rows, machines=draft.materials.machines)


def _cards(
    draft: Draft, groups: Sequence[Idea | Comparison], tags: Mapping[str, idea_tags.Tags]
) -> list[dict[str, object]]:
    """Links to ideas or comparisons, each with the required model's picture and its tags."""
    captures = (draft.materials.capture(draft.materials.face(group)) for group in groups)
    pairs = zip(groups, captures, strict=True)
    return [_card(draft, group, capture, tags.get(group.id, {})) for group, capture in pairs]


def _own_cards(draft: Draft, model: str) -> list[dict[str, object]]:
    """Links to the ideas that a model was captured with, each with its picture."""
    asked = ((i, p) for i in draft.materials.inputs.ideas for p in i.prompts if p.model == model)
    made = ((idea, draft.materials.capture(prompt)) for idea, prompt in asked)
    return [_card(draft, idea, capture, {}) for idea, capture in made if capture]


def _card(
    draft: Draft, group: Idea | Comparison, capture: Capture | None, tags: idea_tags.Tags
) -> dict[str, object]:
    return {"group": group, "tags": tags, "first": None} | _picture(draft, capture)


def _picture(draft: Draft, capture: Capture | None) -> dict[str, object]:
    """What the picture of a card is drawn from."""
    return {"capture": capture, "src": capture and draft.folder(capture)}


def _tags(draft: Draft, idea: Idea) -> idea_tags.Tags:
    """What an idea can be found by: its words, and the models that have made it."""
    made = tuple(prompt.model for prompt in idea.prompts if draft.materials.capture(prompt))
    return idea_tags.read(draft.materials.face(idea).text) | {"model": made}
