"""Sentences about scenes: worded from a grammar, and understood again."""

import re
from collections.abc import Callable, Iterator, Mapping, Set

import numpy as np

from gen.core.errors import BadInput
from gen.study.recipe.render import RenderRecipe
from gen.study.world.scene import Scene


def caption(scene: Scene, recipe: RenderRecipe, rng: np.random.Generator) -> str:
    """One of the many sentences that describe a scene; a part of the meaning may be left out."""
    omit = recipe.captions.omit
    return _worded(scene, recipe, rng, lambda slot: rng.uniform() >= omit.get(slot, 0))


def caption_of(scene: Scene, recipe: RenderRecipe, rng: np.random.Generator, said: Set[str]) -> str:
    """One of the sentences that say these slots (of body, world and view) and no others.

    Finish and colour are always said, and a window where there is one.
    """
    return _worded(scene, recipe, rng, said.__contains__)


def _worded(
    scene: Scene, recipe: RenderRecipe, rng: np.random.Generator, said: Callable[[str], bool]
) -> str:
    g = recipe.captions

    def one(options: tuple[str, ...]) -> str:
        return options[rng.integers(len(options))]

    slots = {
        "paint": one(g.finishes[scene.material.finish]).format(colour=scene.material.colour),
        "body": one(g.bodies[scene.body.style if said("body") else "any"]),
        "world": one(g.worlds[scene.world.name]) if said("world") else "",
        "view": one(g.views[scene.view]) if said("view") else "",
        "window": one(g.window) if scene.pane else "",
    }
    sentence = re.sub(
        r"\[([^\]]*?\{(\w+)\}[^\]]*?)\]", lambda m: m[1] if slots[m[2]] else "", one(g.sentences)
    )
    return re.sub(r"\ba (?=[aeiou])", "an ", sentence.format(**slots))


def wordings(recipe: RenderRecipe) -> tuple[str, ...]:
    """Texts that hold every word a caption can have."""
    g = recipe.captions
    slots = (g.finishes, g.bodies, g.worlds, g.views)
    fillings = [text for slot in slots for texts in slot.values() for text in texts]
    colours = [colour for finish in recipe.finishes.values() for colour in finish.colours]
    templates = [*g.sentences, *fillings, *g.window]
    plain = [re.sub(r"\{\w+\}|[\[\]]", " ", text) for text in templates]  # without slots
    return (*plain, *colours, "an")  # "a" becomes "an" before a vowel


def understood(prompt: str, recipe: RenderRecipe) -> dict[str, str]:
    """What a sentence of the grammar says: finish, colour, and style, world, view, window if named.

    Raises BadInput for any other sentence.
    """
    g = recipe.captions
    said = {
        "paint": dict(_paints(recipe)),
        "body": {text: {"style": style} for style, text in _pairs(g.bodies)} | {"car": {}},
        "world": {text: {"world": world} for world, text in _pairs(g.worlds)},
        "view": {text: {"view": view} for view, text in _pairs(g.views)},
        "window": {text: {"window": text} for text in g.window},
    }
    for sentence in g.sentences:
        if match := re.fullmatch(_pattern(sentence, said), prompt):
            slots = {slot: text for slot, text in match.groupdict().items() if text}
            return {k: v for slot, text in slots.items() for k, v in said[slot][text].items()}
    raise BadInput(f"{prompt!r}: no sentence of sources/study.yml's captions; word it as they are")


def in_paint(prompt: str, recipe: RenderRecipe, finish: str, number: int) -> str:
    """The same sentence with its paint in another finish: its first wording, colour by number.

    Raises BadInput for what is no sentence of the grammar.
    """
    named = understood(prompt, recipe)
    wordings = recipe.captions.finishes[named["finish"]]
    said = [text.format(colour=named["colour"]) for text in wordings]
    old = max((text for text in said if text in prompt), key=len)
    colours = recipe.finishes[finish].colours
    new = recipe.captions.finishes[finish][0].format(colour=colours[number % len(colours)])
    again = re.sub(r"\ban (?=[^aeiou])", "a ", prompt.replace(old, new))
    return re.sub(r"\ba (?=[aeiou])", "an ", again)


def _paints(recipe: RenderRecipe) -> Iterator[tuple[str, dict[str, str]]]:
    for finish, wording in _pairs(recipe.captions.finishes):
        for colour in recipe.finishes[finish].colours:
            yield wording.format(colour=colour), {"finish": finish, "colour": colour}


def _pairs(wordings: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((kind, text) for kind, texts in wordings.items() for text in texts)


def _pattern(sentence: str, said: Mapping[str, Mapping[str, dict]]) -> str:
    """A sentence with slots, those in brackets optional, as a regular expression."""
    pattern = re.sub(r"\[([^\]]*)\]", r"(?:\1)?", sentence)
    pattern = re.sub(r"\ba (?=\{paint\})", "an? ", pattern)
    longest_first = {slot: sorted(texts, key=len, reverse=True) for slot, texts in said.items()}
    return re.sub(
        r"\{(\w+)\}",
        lambda slot: f"(?P<{slot[1]}>{'|'.join(map(re.escape, longest_first[slot[1]]))})",
        pattern,
    )
