"""Renders -> the trained study model: first the autoencoder, then text encoder and U-Net together.

Everything drawn for a step (which renders, crops, wordings, noise) follows from the seed, the
step's number and the process's: there is no random state to keep, and a run that was killed goes on
from its last checkpoint as if nothing had happened, bit for bit on one machine with one number of
threads.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import transformers
from accelerate import Accelerator
from diffusers import AutoencoderKL

from gen.study import model, scene
from gen.study.autoencoder import AutoencoderScore, AutoencoderStage, vae_score
from gen.study.checkpoint import CHECKPOINT, read_state, write_folder
from gen.study.dataset import Renders, read_renders
from gen.study.diffusion import PipelineStage, trained_pipeline
from gen.study.loop import KEPT_EVERY, Report, alone, learn
from gen.study.run import Run, Stage


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


def autoencoder_score(recipe: Recipe, renders: Path, folder: Path) -> AutoencoderScore:
    """Score the autoencoder of a pipeline's folder on every held-out render."""
    found = _renders(recipe, renders)
    vae = AutoencoderKL.from_pretrained(folder / "vae", dtype=torch.float32)
    pictures, bodies = found.pictures[found.held_out], found.bodies[found.held_out]
    return vae_score(vae, pictures, bodies)


def save(recipe: Recipe, work: Path, folder: Path) -> None:
    """Write the trained pipeline as a folder that diffusers reads, in half precision, in one move.

    Beside the parts lie words.txt, the words it was trained on, and recipe.json: the recipe and,
    for each stage, renders, steps, seconds, curve and scores. Raises ModelError before training.
    """
    place = work / PipelineStage.name
    states = {
        name: read_state(work / name / CHECKPOINT)
        for name in (AutoencoderStage.name, PipelineStage.name)
        if (work / name / CHECKPOINT).exists()
    }
    states = states.get(PipelineStage.name, {}).get("origin", {}) | states
    pipe = trained_pipeline(recipe.train, recipe.render, place)
    for part in (pipe.vae, pipe.text_encoder, pipe.unet):
        part.half()
    transformers.utils.logging.disable_progress_bar()  # it has one even for writing

    def write(new: Path) -> None:
        pipe.save_pretrained(new)
        _forget_places(new)
        told = {"recipe": recipe.as_json(), **states}
        text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
        (new / "recipe.json").write_text(text, "utf-8")
        (new / "words.txt").write_text(
            "\n".join(model.words(scene.wordings(recipe.render))) + "\n", "utf-8"
        )

    write_folder(folder, write)


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
    return {
        name: told[name] for name in (AutoencoderStage.name, PipelineStage.name) if name in told
    }
