"""The score of `study score` as a measurement: is what the words ask for what is painted?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gen.core.measured import Row
from gen.measure.kit.copies import copies
from gen.measure.kit.paired import shares_apart
from gen.measure.kit.pictures import sheet
from gen.measure.kit.project import Project
from gen.measure.kit.rows import Measured, Place, missing, row
from gen.study.judging.readings import KINDS, Readings
from gen.study.scoring.prompts import Sample
from gen.study.scoring.score import members, right
from gen.study.scoring.table import LeftOut, Score, ScoreRow, Share
from gen.study.training.autoencoder import AutoencoderScore

ID, VERSION = "asked", 5
QUESTION = "Does it paint what the words ask for?"
METHOD = (
    "Judges, small networks, read finish, colour, world and view of each picture. They learned "
    "from renders, many of which the painter had learned from too, some as its own autoencoder "
    "returns them: painter and judges were raised on one world, and a picture that is typical of "
    "it may be read better than a render. The share of pictures is counted that are read as the "
    "prompt asks, where it names the thing. Satin and glossy paint, which no judge tells apart at "
    "this size, count as one finish. Renders of the same scenes show how far the judges can be "
    "trusted, renders through the autoencoder what its latents can carry. Held-out combinations "
    "are those of finish, colour, world and view that training never showed together. Edges are "
    "the differences of neighbouring pixels of bodywork, added up, in percent of the render's: "
    "how much edge there is, wherever it lies. What guidance adds is counted on the prompts that "
    "were drawn both ways, each pair from the same noise; by how much generated pictures lie above "
    "renders, on the samples of a set, each picture beside the render of its own scene. Intervals "
    "of both draw prompts again; all of guidance hold at once, and all {beside} of renders. "
    "What decoders with and without a critic return is kept as figures of one training each, over "
    "all held-out renders together: these have no interval, nor have Fréchet distances."
)
NEEDS = ("model", "samples", "judging", "score")
SERIES = {"ordinary": "trained combinations", "held_out": "held-out combinations"}
LABELS = {  # of a score's rows
    "renders": "renders",
    "autoencoder": "through the autoencoder",
    "generated": "generated",
    "unguided": "generated without guidance",
    "baseline": "an earlier sketch of it",
}
SHOWN = ("mirror", "mirror", "brushed", "glossy", "satin", "matte")  # scenes side by side


@dataclass(frozen=True)
class BothWays:
    """Whether pictures (N,) of a set show what their prompts ask for, drawn one way and another."""

    share: Share
    prompts: Sequence[str]
    one: np.ndarray
    other: np.ndarray


def of(project: Project) -> Measured:
    """The score's own table, and its first pictures to look at."""
    samples = project.samples
    few = first_of(samples.entries)
    layers = (samples.renders[few], project.through[few], samples.pictures[few])
    read = project.judging.read(samples.pictures)
    guided = _both_ways(project, read, project.unguided.pictures, ("ordinary",))
    beside = _both_ways(project, read, samples.renders, tuple(SERIES))
    return run(project.score, layers, copies(project, ID), guided, beside)


def first_of(entries: Sequence[Sample]) -> list[int]:
    """The places of the first samples of each finish in SHOWN, whatever they look like."""
    places: list[int] = []
    for finish in SHOWN:
        of_it = (i for i, e in enumerate(entries) if e.scene.material.finish == finish)
        places += [i for i in of_it if i not in places][:1]
    return places


def _both_ways(
    project: Project, read: Readings, others: np.ndarray, sets: Sequence[str]
) -> list[BothWays]:
    """Each reading that the score has of these sets: the samples as read, and others (N, H, W, 3).

    These are of the first of the samples' prompts.
    """
    entries = project.samples.entries[: len(others)]
    ways, found = (read, project.judging.read(others)), []
    for share in (s for s in _ordered(_generated(project.score)) if s.of in sets):
        some = members(entries, share.reading, share.of)
        prompts = [e.prompt for e, one in zip(entries, some, strict=True) if one]
        shown = (right(entries, each, share.reading)[some] for each in ways)
        found.append(BothWays(share, prompts, *shown))
    return found


def run(
    score: Score,
    layers: tuple[np.ndarray, ...],
    copied: Mapping[str, bytes] | None = None,
    guided: Sequence[BothWays] = (),
    beside: Sequence[BothWays] = (),
) -> Measured:
    """A score and the pictures to show with it, each layer (N, H, W, 3) uint8.

    `layers` are some samples' renders, these through the autoencoder, and generated pictures;
    `copied` are files that show what a critic changed, as they are.
    Of generated pictures, `guided` has others drawn without guidance, `beside` has renders.
    """
    rows = [_share(entry, share) for entry in score.rows for share in _ordered(entry)]
    rows += [
        missing(f"{left.reading}-left-out", Place("", left.reading, "judges"), "%", _why(left))
        for left in score.left_out
    ]
    rows += [_relative(share) for share in _generated(score).shares if share.relative is not None]
    rows += [_gain(each, len(guided)) for each in guided]
    rows += [_above(each, len(beside)) for each in beside]
    rows += [_near(entry) for entry in score.rows]
    rows += [_distance(entry) for entry in score.rows]
    rows += [*_carried(score), *_sharpened(score)]
    files = {"scenes.webp": sheet(layers), **(copied or {})}
    return Measured(QUESTION, METHOD.format(beside=len(beside)), tuple(rows), files)


def _ordered(entry: ScoreRow) -> list[Share]:
    return sorted(entry.shares, key=lambda s: (KINDS.index(s.reading), s.of == "held_out"))


def _share(entry: ScoreRow, share: Share) -> Row:
    of = "" if share.of == "ordinary" else "-new"
    judge = f"the judge reads {100 * share.judge.value:.1f} % of {share.judge.n} renders right"
    panel = f"{share.reading.capitalize()} as asked"
    place = Place(panel, LABELS[entry.name], SERIES[share.of])
    figures = _percent(share.value, share.low, share.high)
    return row(f"{entry.name}-{share.reading}{of}", place, *figures, share.n, "%", judge)


def _relative(share: Share) -> Row:
    of = "" if share.of == "ordinary" else "-new"
    place = Place("", f"{share.reading}, relative to renders", SERIES[share.of])
    figures = _percent(share.relative, share.relative_low, share.relative_high)
    return row(f"relative-{share.reading}{of}", place, *figures, share.n, "%")


def _gain(each: BothWays, looked_at: int) -> Row:
    reading = each.share.reading
    place = Place("", f"{reading}, with guidance above without", SERIES[each.share.of])
    name = f"guidance-{reading}"
    return shares_apart(name, place, each.one, each.other, looked_at, each.prompts)


def _above(each: BothWays, looked_at: int) -> Row:
    reading, of = each.share.reading, "" if each.share.of == "ordinary" else "-new"
    place = Place("", f"{reading}, generated above renders", SERIES[each.share.of])
    name = f"above-renders-{reading}{of}"
    return shares_apart(name, place, each.one, each.other, looked_at, each.prompts)


def _near(entry: ScoreRow) -> Row:
    label = f"{LABELS[entry.name]}, nearer to a training render than 1 % of held-out renders"
    near = entry.near
    figures = _percent(near.value, near.low, near.high)
    return row(f"{entry.name}-near", Place("", label, ""), *figures, near.n, "%")


def _percent(*shares: float | None) -> tuple[float, float, float]:
    """A share and the ends of its interval, all of them known, in percent."""
    value, low, high = (100 * share for share in shares if share is not None)
    return value, low, high


def _distance(entry: ScoreRow) -> Row:
    """Without an interval: what it means is said by the same distance between renders."""
    place = Place("", f"{LABELS[entry.name]}, Fréchet distance to renders", "")
    distance, note = entry.frechet, f"{entry.frechet.between_renders} between renders"
    name = f"{entry.name}-frechet"
    return Row(name, *_where(place), distance.value, None, None, distance.n, "", note)


def _carried(score: Score) -> list[Row]:
    """What was learned from, what the autoencoder returns of bodywork, how long a picture takes."""
    vae, generated = score.autoencoder, _generated(score)
    count = score.trained_on["count"]
    figures = (
        ("trained-on", "renders that it learned from", count, count, "renders"),
        ("autoencoder-psnr", "bodywork through the autoencoder", vae.body_psnr, vae.renders, "dB"),
        ("autoencoder-ssim", "the same, SSIM", vae.body_ssim, vae.renders, ""),
        ("autoencoder-edges", "the same, edges", 100 * vae.body_edges, vae.renders, "%"),
        ("seconds", "a generated picture", generated.seconds, generated.near.n, "s"),
    )
    return [_exact(*each) for each in figures]


def _sharpened(score: Score) -> Iterator[Row]:
    """What a critic beside the decoder changed: edges, and errors."""
    if score.critic is None:
        return
    for when, vae in zip(("before", "after"), score.critic, strict=True):
        yield from _bodywork(when, f"{when} the decoder met a critic", vae)
    if score.uncriticized:
        yield from _bodywork("without", "after as many steps without a critic", score.uncriticized)


def _bodywork(name: str, when: str, vae: AutoencoderScore) -> Iterator[Row]:
    label = f"held-out bodywork, {when}"
    yield _exact(f"critic-psnr-{name}", label, vae.body_psnr, vae.renders, "dB")
    edges = 100 * vae.body_edges
    yield _exact(f"critic-edges-{name}", f"{label}, edges", edges, vae.renders, "%")


def _exact(name: str, label: str, value: float, n: int, unit: str) -> Row:
    return Row(name, *_where(Place("", label, "")), value, None, None, n, unit)


def _where(place: Place) -> tuple[str, str, str]:
    return place.panel, place.label, place.series


def _generated(score: Score) -> ScoreRow:
    return next(entry for entry in score.rows if entry.name == "generated")


def _why(left: LeftOut) -> str:
    tried = "never tried" if left.accuracy is None else f"right in {100 * left.accuracy:.1f} %"
    return f"its judge is {tried}, where {100 * left.needed:.0f} % are needed: not used"
