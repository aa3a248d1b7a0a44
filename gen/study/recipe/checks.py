"""What must fit together in sources/study.yml, beyond the shape of each value."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from gen.core.errors import BadInput
from gen.core.yamlfile import nearest
from gen.study.recipe.render import FINISHES, METALLIC, METALS, RANGED, WORLDS, RenderRecipe
from gen.study.recipe.train import SHARD, ScoreRecipe, TrainRecipe

INDOORS = {"studio"}  # the worlds without a sun
NEEDED = ("paint", "body")  # slots that every sentence has
OPTIONAL = ("world", "view", "window")  # slots that a sentence may leave out


def check(render: RenderRecipe, train: TrainRecipe, score: ScoreRecipe, place: str) -> None:
    """Raises BadInput for what names nothing that is there or does not fit, a line for each."""
    problems = [
        *_names(render),
        *_colours(render),
        *_suns(render),
        *_held_out(render),
        *_undrawable(render),
        *_sentences(render),
        *_levels(train),
        *_crops(render, train),
        *_shards(score),
    ]
    if problems:
        raise BadInput("\n".join(f"{place}: {problem}" for problem in problems))


# ---- what a render may show ----------------------------------------------------------------


def _names(recipe: RenderRecipe) -> Iterator[str]:
    """Keys that are missing or that nobody knows."""
    words = recipe.captions
    mappings: list[tuple[str, set[str], Mapping[str, object]]] = [
        ("render > worlds", WORLDS, recipe.worlds),
        ("render > finishes", FINISHES, recipe.finishes),
        *((f"render > body_styles > {s}", RANGED, r) for s, r in recipe.body_styles.items()),
        ("captions > finishes", FINISHES, words.finishes),
        ("captions > bodies", {*recipe.body_styles, "any"}, words.bodies),
        ("captions > worlds", WORLDS, words.worlds),
        ("captions > views", set(recipe.views), words.views),
    ]
    for where, known, mapping in mappings:
        for key in sorted(known - set(mapping)):
            yield f"{where} > {key}: is missing; add it"
        for key in sorted(set(mapping) - known):
            yield _unknown(f"{where} > {key}", key, known)


def _unknown(where: str, name: str, known: set[str]) -> str:
    return f"{where}: is not known; {nearest(name, known)}"


def _colours(recipe: RenderRecipe) -> Iterator[str]:
    for name, finish in recipe.finishes.items():
        kind, known = ("metal", METALS) if name in METALLIC else ("paint", set(recipe.paints))
        for colour in sorted(set(finish.colours) - known):
            where = f"render > finishes > {name} > colours"
            yield f"{where}: {colour} is not a {kind} that we have; {nearest(colour, known)}"


def _suns(recipe: RenderRecipe) -> Iterator[str]:
    """Worlds under the sky have a sun, others have none."""
    for name, world in recipe.worlds.items():
        if name in INDOORS and world.sun is not None:
            yield f"render > worlds > {name} > sun: {list(world.sun)}: none shows there; give null"
        if name not in INDOORS and world.sun is None:
            yield f"render > worlds > {name} > sun: null: it lights the car there; give degrees"


def _held_out(recipe: RenderRecipe) -> Iterator[str]:
    """Combinations of what is never drawn would have a search for one go on for ever."""
    values = {
        "style": set(recipe.body_styles),
        "finish": set(recipe.finishes),
        "colour": {c for f in recipe.finishes.values() for c in f.colours},
        "world": set(recipe.worlds),
        "view": set(recipe.views),
    }
    for combination in recipe.held_out:
        for kind, value in combination.items():
            if value not in values.get(kind, ()):
                yield f"render > held_out: nothing that is drawn has {kind}: {value}; correct it"
        finish, colour = combination.get("finish"), combination.get("colour")
        if finish in recipe.finishes and colour and colour not in recipe.finishes[finish].colours:
            yield f"render > held_out: no {finish} surface is {colour}; correct it"


def _undrawable(recipe: RenderRecipe) -> Iterator[str]:
    """What held-out combinations leave nothing of: a search for it would go on for ever."""
    coats = [
        {"finish": name, "colour": colour}
        for name, finish in recipe.finishes.items()
        for colour in dict.fromkeys(finish.colours)
    ]
    every = [
        {**coat, "style": style, "world": world, "view": view}
        for coat, style, world, view in product(
            coats, recipe.body_styles, recipe.worlds, recipe.views
        )
    ]
    drawn = [m for m in every if not any(c.items() <= m.items() for c in recipe.held_out)]
    for kind in ("finish", "style", "world", "view"):
        for value in sorted({m[kind] for m in every} - {m[kind] for m in drawn}):
            yield f"render > held_out: nothing is left with {kind}: {value}; hold out less of it"


# ---- the words for it ----------------------------------------------------------------------


def _sentences(recipe: RenderRecipe) -> Iterator[str]:
    """Slots that a sentence lacks, or that nothing fills."""
    words, known = recipe.captions, {*NEEDED, *OPTIONAL}
    for sentence in words.sentences:
        slots = _slots(sentence)
        for slot in sorted(set(NEEDED) - slots):
            yield f"captions > sentences: {sentence!r}: has no {{{slot}}}; add it"
        for slot in sorted(slots - known):
            yield _unknown(f"captions > sentences > {{{slot}}}", slot, known)
    for slot in sorted(set(words.omit) - {"body", "world", "view"}):
        yield _unknown(f"captions > omit > {slot}", slot, {"body", "world", "view"})
    for finish, wordings in words.finishes.items():
        for wording in wordings:
            if _slots(wording) != {"colour"}:
                where = f"captions > finishes > {finish}"
                yield f"{where}: {wording!r}: give {{colour}} a place in it, and no other slot"


def _slots(text: str) -> set[str]:
    return set(re.findall(r"\{(.*?)\}", text))


# ---- the networks --------------------------------------------------------------------------


def _levels(train: TrainRecipe) -> Iterator[str]:
    """Numbers of channels that cannot be divided as they are to be."""
    unet, text, vae = train.unet, train.text_encoder, train.autoencoder
    if len(unet.attention) != len(unet.channels):
        where = f"train > unet > attention: {unet.attention}"
        yield f"{where}: give {len(unet.channels)} values, one for each of channels"
    if text.width % text.heads:
        yield f"train > text_encoder > width: {text.width}: give a multiple of heads"
    for name, channels, count, what in (
        ("autoencoder", vae.channels, vae.groups, "groups"),
        ("unet", unet.channels, unet.groups, "groups"),
        ("unet", unet.channels, unet.heads, "heads"),
    ):
        if any(channel % count for channel in channels):
            yield f"train > {name} > channels: {channels}: give multiples of {what}, {count}"


def _crops(render: RenderRecipe, train: TrainRecipe) -> Iterator[str]:
    side = min(render.width, render.height)
    for name, crop in (("autoencoder", train.autoencoder.crop), ("decoder", train.decoder.crop)):
        if crop > side:
            yield f"train > {name} > crop: {crop}: give at most {side}, a render's smaller side"


# ---- the score -----------------------------------------------------------------------------


def _shards(score: ScoreRecipe) -> Iterator[str]:
    for name, count in (("ordinary", score.ordinary), ("held_out", score.held_out)):
        if count % SHARD:
            yield f"score > {name}: {count}: give a multiple of {SHARD}, the renders of one file"
