"""What prose may call to let a reader paint: the page's own model, in the reader's browser."""

from gen.core.errors import MissingRecord
from gen.publish.draft import Draft
from gen.publish.macros import macro
from gen.publish.painter import Painter

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
    return draft.aside(
        "painter",
        prompt=prompt,
        model_title=inputs.model(prompt.model).title,
        painter=model,
        folder=f"{draft.up}{model.folder}/",
        megabytes=_megabytes(model),
        pictures=pictures[:SHOWN],
        ideas=f"{draft.up}ideas/",
        title_of=draft.materials.title,
    )


def _megabytes(model: Painter) -> str:
    return f"{model.size / 10**6:.0f} MB"
