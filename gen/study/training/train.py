"""Renders -> the trained study model: autoencoder, then text encoder and U-Net, then decoder.

Everything drawn for a step (which renders, crops, wordings, noise) follows from the seed, the
step's number and the process's: there is no random state to keep, and a run that was killed goes on
from its last checkpoint as if nothing had happened, bit for bit on one machine with one number of
threads.
"""

import json
import shutil
from pathlib import Path

import torch
import transformers
from PIL import Image

from gen.capture.weights import revision_of
from gen.core.errors import BadInput
from gen.study.model import vocabulary
from gen.study.recipe.stages import STAGES
from gen.study.recipe.whole import Recipe
from gen.study.training import pack
from gen.study.training.autoencoder import AutoencoderStage
from gen.study.training.checkpoint import (
    CHECKPOINT,
    RECORD,
    Kind,
    read_record,
    read_state,
    write_folder,
)
from gen.study.training.clock import Report
from gen.study.training.dataset import read_renders
from gen.study.training.decoder import SHEET, DecoderStage, UncriticizedStage, sharpen
from gen.study.training.diffusion import PipelineStage, frozen, trained_pipeline
from gen.study.training.examples import of_renders
from gen.study.training.latents import latents
from gen.study.training.loop import CHECKPOINT_EVERY, alone, learn, precision_for
from gen.study.training.run import Run, Stage
from gen.study.training.start import refuse_another
from gen.study.world import captions

LARGEST = "14MB"  # of a file of weights; a larger part lies in several
SAVED = Kind(
    "trained pipelines",
    frozenset(
        {
            *("model_index.json", "scheduler", "text_encoder", "tokenizer", "unet", "vae"),
            *(RECORD, SHEET, "words.txt", "score.json"),
        }
    ),
    RECORD,
)


def train(
    name: str,
    recipe: Recipe,
    renders: Path,
    work: Path,
    report: Report,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    start: Path | None = None,
    packed: Path | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
) -> None:
    """Train one of STAGES on until a number of minutes from now or of steps in all has passed.

    Goes on from its checkpoint in work/<name>; where there is none, from the pipeline folder
    `start`, or from nothing. What a later stage needs of the autoencoder is taken from that one's
    checkpoint (or from `start`) once, at the first call; text encoder and U-Net learn from a
    folder `packed` by `gen study pack` too, without renders. SIGTERM ends it early and SIGINT
    raises KeyboardInterrupt, both after the running step and a checkpoint. Raises BadInput without
    renders and for a `start` of another training, ModelError for a checkpoint of another shape or
    in use.
    """
    precision = precision_for(recipe.train.precision)
    with alone(work / name) as accelerator:
        origin = _origin(start)
        if start is not None:
            for each in (name, PipelineStage.name):  # whose U-Net is saved with it
                refuse_another(work / each, start, origin, origin.get(each))
        with accelerator.main_process_first():  # the others find latents already made
            if packed is None:
                stage = stage_for(name, recipe, renders, work, start, accelerator.device)
            else:
                stage = _from_pack(name, recipe, packed, work, accelerator.device)
        stage.model.to(accelerator.device)
        run = Run(stage, recipe.train.average, precision)
        if not run.resume(work / name) and start is not None:
            run.begin(start, origin)
        learn(run, accelerator, work / name, report, minutes, steps, checkpoint_every)


def stage_for(
    name: str,
    recipe: Recipe,
    renders: Path,
    work: Path,
    start: Path | None,
    device: torch.device,
) -> Stage:
    """A stage that learns from renders."""
    seen = read_renders(renders, recipe.render, recipe.train.held_out_every)
    if name == AutoencoderStage.name:
        return AutoencoderStage(recipe.train, seen)
    parts = frozen(recipe.train, seen, work, start)
    parts.vae.to(device)
    for kind in (DecoderStage, UncriticizedStage):
        if name == kind.name:
            return kind(recipe.train, seen, parts.vae, work)
    place, seed = work / name, recipe.train.seed
    examples = of_renders(seen, parts.vae, parts.tokenizer, place, seed)
    return PipelineStage(recipe.train, recipe.render, parts, examples, device)


def _from_pack(name: str, recipe: Recipe, folder: Path, work: Path, device: torch.device) -> Stage:
    """The one stage that a packed folder is enough for."""
    if name != PipelineStage.name:
        raise BadInput(
            f"--packed: {name} learns from renders; only {PipelineStage.name} needs none"
        )
    parts, examples = pack.read(folder, recipe, work / name)
    parts.vae.to(device)
    return PipelineStage(recipe.train, recipe.render, parts, examples, device)


def write_pack(recipe: Recipe, renders: Path, work: Path, folder: Path, start: Path | None) -> None:
    """All that the pipeline stage needs elsewhere, in a folder: see gen/study/training/pack.py."""
    seen = read_renders(renders, recipe.render, recipe.train.held_out_every)
    parts = frozen(recipe.train, seen, work, start)
    whole, _ = latents(parts.vae, seen, work / PipelineStage.name)
    pack.write(folder, recipe.as_json(), seen, whole, parts)


def save(recipe: Recipe, work: Path, folder: Path, start: Path | None = None) -> None:
    """Write the trained pipeline as a folder that diffusers reads, in half precision, in one move.

    Where text encoder and U-Net were not trained here, they are the pipeline folder `start`'s.
    Beside the parts lie words.txt, the words it was trained on, and recipe.json: the recipe and,
    for each stage, renders, steps, seconds, curve and scores. Raises ModelError before training,
    BadInput for a folder of anything else.
    """
    SAVED.refuse_other(folder)
    states = {
        name: read_state(work / name / CHECKPOINT)
        for name in STAGES
        if (work / name / CHECKPOINT).exists()
    }
    place, trained = work / PipelineStage.name, states.get(PipelineStage.name)
    origin = trained["origin"] if trained else _origin(start)
    states = {name: origin[name] for name in STAGES if name in origin} | states
    pipe = trained_pipeline(recipe.train, recipe.render, place, start)
    sharpen(pipe.vae, work)
    for part in (pipe.vae, pipe.text_encoder, pipe.unet):
        part.half()
    transformers.utils.logging.disable_progress_bar()  # it has one even for writing

    def write(new: Path) -> None:
        pipe.save_pretrained(new, max_shard_size=LARGEST)
        _forget_places(new)
        record = {"recipe": recipe.as_json(), **states}
        text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        (new / RECORD).write_text(text, "utf-8")
        if sheet := _sheet(states, work, folder):
            _keep_sheet(sheet, new / SHEET)
        (new / "words.txt").write_text(
            "\n".join(vocabulary.words(captions.wordings(recipe.render))) + "\n", "utf-8"
        )

    write_folder(folder, write, SAVED)


def _sheet(states: dict, work: Path, folder: Path) -> Path | None:
    """The decoder's newest; after a warm start, whose "before" has met a critic, the folder's."""
    sheets = list(folder.glob(SHEET))
    if states.get(DecoderStage.name, {}).get("began") == 0:
        sheets += sorted((work / DecoderStage.name / "sheets").glob("*.png"))
    return sheets[-1] if sheets else None


def _keep_sheet(sheet: Path, to: Path) -> None:
    """A training's sheets are PNG, several times the bytes; one already kept loses nothing more."""
    if sheet.suffix == to.suffix:
        shutil.copy(sheet, to)
    else:
        Image.open(sheet).save(to, quality=94, method=6)


def _forget_places(folder: Path) -> None:
    """Takes out of a saved pipeline's configs where its parts were loaded from."""
    for path in folder.rglob("*.json"):
        config = json.loads(path.read_text("utf-8"))
        if config.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _origin(start: Path | None) -> dict:
    """What a saved model says of each stage of its training; its digest where it does not."""
    if start is None:
        return {}
    if not (start / "model_index.json").is_file():
        raise BadInput(f"--from {start}: is no pipeline's folder; give one that --to has written")
    record = read_record(start)
    return {name: record[name] for name in STAGES if name in record} or {
        "revision": revision_of(start)
    }
