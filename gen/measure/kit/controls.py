"""Fair controls of a mirror that agrees with its scene: other paints, and its picture spoiled."""

from collections.abc import Mapping

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.clusters import Labels, share_of
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import Layer
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Place
from gen.measure.kit.unnamed import Unnamed
from gen.study.judging.judges import Judges
from gen.study.judging.readings import ALIKE
from gen.study.world import captions

MIRROR = "mirror"
PAINTS = ("glossy", "satin", "matte")  # in a mirror's place, the words and noise else the same
TURNED, SHUFFLED = "mirror, upside down", "mirror, shuffled"
SHORT = {TURNED: "turned", SHUFFLED: "shuffled"}
PANEL, MORE = "No world named: mirrors and controls", "No world named: mirrors agree more than"


def paints(project: Project, mirrors: Unnamed) -> dict[str, Layer]:
    """These mirrors, and the same words and noises in other paints."""
    recipe, pictures = project.recipe, {MIRROR: mirrors.pictures}
    for finish in PAINTS:
        texts = [
            captions.in_paint(text, recipe.render, finish, number)
            for number, text in enumerate(mirrors.prompts)
        ]
        name, scale = f"unnamed-{finish}", recipe.score.guidance_scale
        pictures[finish] = project.generated(name, texts, mirrors.seeds, scale)
    return {name: Layer(name, some, project.masks(some)) for name, some in pictures.items()}


def turned(layer: Layer) -> Layer:
    """The bodywork upside down, column by column, so that nothing but bodywork takes its place."""
    pictures = layer.pictures.copy()
    for picture, inside in zip(pictures, layer.masks >= 128, strict=True):
        for column in np.flatnonzero(inside.any(0)):
            rows = np.flatnonzero(inside[:, column])
            picture[rows, column] = picture[rows[::-1], column]
    return Layer(TURNED, pictures, layer.masks)


def shuffled(layer: Layer) -> Layer:
    """The bodywork's pixels strewn at random over it: its colours without their places."""
    pictures, rng = layer.pictures.copy(), np.random.default_rng(0)
    for picture, inside in zip(pictures, layer.masks >= 128, strict=True):
        picture[inside] = rng.permutation(picture[inside])
    return Layer(SHUFFLED, pictures, layer.masks)


def rows(paints: Mapping[str, Layer], judges: Judges, words: Labels = ()) -> list[Row]:
    """How often each control's body and background agree, and mirrors more, picture by picture.

    `paints` are pictures by finish, MIRROR among them, each at the same place in all; pictures of
    which `words` say the same are not independent (without any, all are). Here a judge
    that is under its bound on a paint is used all the same: how well it reads that paint's bodies
    in renders is said in the note, and that it reads them at all is what the control is for.
    """
    mirrors = paints[MIRROR]
    every = {**paints, TURNED: turned(mirrors), SHUFFLED: shuffled(mirrors)}
    agree = {name: _agree(judges, layer) for name, layer in every.items()}
    found = [
        share_of(
            f"control-{SHORT.get(name, name)}",
            Place(PANEL, name, ""),
            hits,
            words or range(len(hits)),
            _trust(judges, name),
        )
        for name, hits in agree.items()
    ]
    others = [name for name in agree if name != MIRROR]
    return found + [
        shares_apart(
            f"mirror-more-than-{SHORT.get(name, name)}",
            Place(MORE, name, ""),
            agree[MIRROR],
            agree[name],
            looked_at=len(others),
            labels=words,
        )
        for name in others
    ]


def _agree(judges: Judges, layer: Layer) -> np.ndarray:
    """Whether bodywork and background are read as one world: (N,)."""
    body = judges.read_world(layer.pictures, layer.masks, "body")
    return body.world == judges.read_world(layer.pictures, layer.masks, "background").world


def _trust(judges: Judges, name: str) -> str:
    """How often the judge reads the world right from rendered bodies of that paint."""
    finish = ALIKE.get(name, name)
    known = [a for a in judges.accuracies if (a.name, a.of) == ("body_world", finish)]
    return f"the judge reads {100 * known[0].value:.0f} % of rendered ones right" if known else ""
