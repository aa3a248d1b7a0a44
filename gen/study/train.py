"""Renders -> the trained study model: autoencoder, then text encoder and U-Net, then decoder.

Everything drawn for a step (which renders, crops, wordings, noise) follows from the seed, the
step's number and the process's: there is no random state to keep, and a run that was killed goes on
from its last checkpoint as if nothing had happened, bit for bit on one machine with one number of
threads.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import transformers
from accelerate import Accelerator

from gen.study import model, scene
from gen.study.autoencoder import AutoencoderStage
from gen.study.checkpoint import CHECKPOINT, read_state, write_folder
from gen.study.dataset import Renders, read_renders
from gen.study.decoder import SHEET, DecoderStage
from gen.study.diffusion import PipelineStage, frozen_vae, trained_pipeline
from gen.study.loop import KEPT_EVERY, Report, alone, learn
from gen.study.run import Run, Stage

STAGES = (AutoencoderStage.name, PipelineStage.name, DecoderStage.name)  # in their order


@dataclass(frozen=True)
class Recipe:
    """sources/study.yml, checked."""

    render: scene.Recipe
    train: model.TrainRecipe

    def as_json(self) -> dict:
        """The whole of it, as the model's folder keeps it."""
        return {"render": asdict(self.render), "train": self.train.model_dump()}


def read_recipe(path: Path) -> Recipe:
    """sources/study.yml -> the recipe of renders, captions and training. Raises BadInput."""
    return Recipe(scene.read_recipe(path), model.read_recipe(path))


def train_autoencoder(
    recipe: Recipe,
    renders: Path,
    work: Path,
    report: Report,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    start: Path | None = None,
    kept_every: float = KEPT_EVERY,
) -> None:
    """Train the autoencoder on until a number of minutes from now or of steps in all has passed.

    Goes on from work/autoencoder's checkpoint; where there is none, from the pipeline folder
    `start`, or from nothing. SIGTERM ends it early and SIGINT raises KeyboardInterrupt, both after
    the running step and a checkpoint. Raises BadInput without renders, ModelError for a checkpoint
    of another shape or in use.
    """
    with alone(work / AutoencoderStage.name) as accelerator:
        stage = AutoencoderStage(recipe.train, _renders(recipe, renders))
        run = _run(recipe, stage, work, start, accelerator)
        learn(run, accelerator, work / stage.name, report, minutes, steps, kept_every)


def train_pipeline(
    recipe: Recipe,
    renders: Path,
    work: Path,
    report: Report,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    start: Path | None = None,
    kept_every: float = KEPT_EVERY,
) -> None:
    """Train text encoder and U-Net on, as train_autoencoder does, on the latents of its result.

    The autoencoder is taken from its checkpoint (or from `start`) once, at the first call.
    """
    with alone(work / PipelineStage.name) as accelerator:
        found = _renders(recipe, renders)
        with accelerator.main_process_first():  # the others find latents already made
            stage = PipelineStage(recipe.train, found, work, start, accelerator.device)
        run = _run(recipe, stage, work, start, accelerator)
        learn(run, accelerator, work / stage.name, report, minutes, steps, kept_every)


def train_decoder(
    recipe: Recipe,
    renders: Path,
    work: Path,
    report: Report,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    start: Path | None = None,
    kept_every: float = KEPT_EVERY,
) -> None:
    """Train the decoder on beside a critic, as train_autoencoder does, for the pipeline's latents.

    The encoder is that of train_pipeline and stays: the U-Net need not learn anew.
    """
    with alone(work / DecoderStage.name) as accelerator:
        found, pipeline = _renders(recipe, renders), work / PipelineStage.name
        with accelerator.main_process_first():
            vae = frozen_vae(recipe.train, found, work, start).to(accelerator.device)
            stage = DecoderStage(recipe.train, found, vae, pipeline)
        run = _run(recipe, stage, work, start, accelerator)
        learn(run, accelerator, work / stage.name, report, minutes, steps, kept_every)


def _run(
    recipe: Recipe, stage: Stage, work: Path, start: Path | None, accelerator: Accelerator
) -> Run:
    stage.model.to(accelerator.device)
    run = Run(stage, recipe.train.average)
    if not run.resume(work / stage.name) and start is not None:
        run.begin(start, _record(start))
    return run


def _renders(recipe: Recipe, folder: Path) -> Renders:
    return read_renders(folder, recipe.render, recipe.train.held_out_every)


def save(recipe: Recipe, work: Path, folder: Path) -> None:
    """Write the trained pipeline as a folder that diffusers reads, in half precision, in one move.

    Beside the parts lie words.txt, the words it was trained on, and recipe.json: the recipe and,
    for each stage, renders, steps, seconds, curve and scores. Raises ModelError before training.
    """
    states = {
        name: read_state(work / name / CHECKPOINT)
        for name in STAGES
        if (work / name / CHECKPOINT).exists()
    }
    states = states.get(PipelineStage.name, {}).get("origin", {}) | states
    pipe = trained_pipeline(recipe.train, recipe.render, work)
    for part in (pipe.vae, pipe.text_encoder, pipe.unet):
        part.half()
    transformers.utils.logging.disable_progress_bar()  # it has one even for writing

    def write(new: Path) -> None:
        pipe.save_pretrained(new)
        _forget_places(new)
        told = {"recipe": recipe.as_json(), **states}
        text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
        (new / "recipe.json").write_text(text, "utf-8")
        for sheet in _sheets(states, work, folder)[-1:]:
            shutil.copy(sheet, new / SHEET)
        (new / "words.txt").write_text(
            "\n".join(model.words(scene.wordings(recipe.render))) + "\n", "utf-8"
        )

    write_folder(folder, write)


def _sheets(states: dict, work: Path, folder: Path) -> list[Path]:
    """The decoder's, the last one newest; after a warm start, whose "before" has met a critic, the
    one that the folder has."""
    if states.get(DecoderStage.name, {}).get("began") == 0:
        made = sorted((work / DecoderStage.name / "sheets").glob("*.png"))
        if made:
            return made
    return list(folder.glob(SHEET))


def _forget_places(folder: Path) -> None:
    """Takes out of a saved pipeline's configs where its parts were loaded from."""
    for path in folder.rglob("*.json"):
        config = json.loads(path.read_text("utf-8"))
        if config.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _record(folder: Path) -> dict:
    """What a saved model says of each stage of its training; nothing where it does not."""
    path = folder / "recipe.json"
    told = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {name: told[name] for name in STAGES if name in told}
