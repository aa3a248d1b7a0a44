"""What prose may call to let a reader paint: the page's own model, in the reader's browser."""

import re

from markupsafe import Markup

from gen.core.errors import MissingRecord
from gen.core.measured import Finals, Painted
from gen.core.records import Capture
from gen.core.sources import Prompt
from gen.publish import templating
from gen.publish.draft import Draft
from gen.publish.macros import macro

SPLIT = " · "  # between the pieces of a prompt
PIECES = re.compile(r"\w+|[^\w\s]")
SHOWN = 6  # pictures that stand there until the model does


@macro
def painter(draft: Draft, idea: str) -> str:
    """The required model to paint with; it begins with the words and settings of an idea.

    Raises MissingRecord where its weights are not in this checkout.
    """
    prompt, _ = draft.find(idea)
    model = draft.materials.painter
    if model is None:
        raise MissingRecord(
            f"{draft.path}: painter: sources/models lacks weights of {prompt.model}; "
            "check them out, or take the mark away"
        )
    inputs = draft.materials.inputs
    faces = [draft.materials.face(idea) for idea in inputs.ideas]
    shown = [(face, draft.materials.capture(face)) for face in faces]
    pictures = [(face, c, draft.folder(c)) for face, c in shown if c and face.model == prompt.model]
    jury, finals = draft.materials.jury, draft.materials.finals
    known = [(face, c) for face, c, _ in pictures if finals and _as_finals(finals, c)]
    ready = [each.text for each in finals.painted] if finals else []
    ready += [c.prompt.text for _, c in known]
    return draft.aside(
        "painter",
        prompt=prompt,
        model_title=inputs.model(prompt.model).title,
        painter=model,
        fits=model.grammar.colours(prompt.text),
        fresh=model.grammar.fresh(ready) if ready else frozenset(),
        folder=f"{draft.up}{model.folder}/",
        jury=jury if jury and jury.reads(prompt) else None,
        up=draft.up,
        pictures=pictures[:SHOWN],
        known=[face.idea for face, _ in known],
        ideas=f"{draft.up}ideas/",
        title_of=draft.materials.title,
        **painted_before(draft, prompt),
    )


def painted_before(draft: Draft, prompt: Prompt) -> dict[str, Markup]:
    """The small pictures of the required model, the prompt's on show and all as links; if any."""
    finals = draft.materials.finals
    if finals is None:
        return {"before": Markup(), "listed": Markup()}
    same = (one for one in finals.painted if (one.text, one.seed) == (prompt.text, prompt.seed))
    first, src = next(same, finals.painted[0]), f"{draft.up}finals/{finals.id}/"
    seeds = sorted({each.seed for each in finals.painted})
    read = {each.file: SPLIT.join(each.tokens) for each in finals.painted if not _plain(each)}
    title = draft.materials.inputs.model(finals.id).title
    longest = max(map(_says, finals.painted), key=len)
    shared = {"finals": finals, "src": src}
    shown = {"first": first, "seeds": seeds, "model_title": title, "split": SPLIT}
    shown |= {"says": _says, "longest": longest}
    return {
        "before": Markup(draft.element("painted", **shared, **shown)),
        "listed": Markup(templating.html("painted_list.html.j2", **shared, read=read)),
    }


def _says(painted: Painted) -> str:
    """What is said below a picture, as painted-before.js says it."""
    return f"“{painted.text}”." + painted.held_out * " Training never saw this combination."


def _as_finals(finals: Finals, capture: Capture) -> bool:
    """Whether a capture was painted by the settings of the small pictures."""
    prompt = capture.prompt
    ours = (finals.steps, finals.guidance_scale, finals.scheduler, finals.negative, finals.eta)
    plain = not prompt.karras and prompt.clip_skip == 1
    settings = (prompt.steps, prompt.guidance_scale, prompt.scheduler, prompt.negative, prompt.eta)
    return plain and settings == ours


def _plain(painted: Painted) -> bool:
    """Whether a prompt was split as the page's script would split it: painted-before.js."""
    return painted.tokens == tuple(PIECES.findall(painted.text.lower()))


def again(draft: Draft, capture: Capture) -> str:
    """A button that paints a capture once more in the browser; nothing where that cannot be."""
    model = draft.materials.painter
    if model is None or not model.can(capture):
        return ""
    return draft.element(
        "run-here",
        capture=capture,
        settings=settings(capture),
        megabytes=model.megabytes,
        folder=f"{draft.up}{model.folder}/",
        src=draft.folder(capture),
    )


def settings(capture: Capture) -> dict[str, object]:
    """All that a capture's run follows from, as docs/assets/js/live/run.js has it."""
    prompt = capture.prompt
    return {
        "negative": prompt.negative,
        "seed": prompt.seed,
        "steps": prompt.steps,
        "sampler": "DDIMFresh" if prompt.eta else prompt.scheduler,
        "plan": [{"at": 0, "prompt": prompt.text, "guidance": prompt.guidance_scale}],
    }
