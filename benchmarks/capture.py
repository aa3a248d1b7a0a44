"""What watching costs: a capture with every view against the plain pipeline call and its decodes.

    python benchmarks/capture.py [FOLDER] [--steps 50] [--repeats 5] [--threads N] [--compile]

Both sides are timed in one process, in turn, and the median of each turn's ratio is printed: other
work on the machine then weighs on both. The plain side is the pipeline's own call, then one decode
for each step at the same size, which whoever wants to see the clean pictures has to pay as well.
With `--compile` both sides run the same compiled parts, and the first turn, which compiles, is left
out as a warm-up is.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import torch

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gen.capture import (  # noqa: E402
    compiling,
    denoise,
    one,
    weights,
)
from gen.core.records import LatentColours  # noqa: E402
from gen.core.sources import LatentMap, Model, Prompt  # noqa: E402

TARGET = 1.25  # the most that a capture may take, as a multiple of the plain side
STUDY = ROOT / "sources" / "models" / "study"


def main() -> int:
    """Prints what was compared, each turn's times and the median ratio; 1 if over the target."""
    asked = _arguments()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    pipe, model, prompt = _given(asked.folder, asked.steps)
    if asked.compile:
        compiling.compile_parts(pipe)
    sides = (lambda: plain(pipe, prompt), lambda: watched(pipe, prompt, model))
    turns = [tuple(map(_seconds, sides)) for _ in range(asked.repeats + 1)][1:]  # first: warm-up
    wall = median(ours[0] / theirs[0] for theirs, ours in turns)
    work = median(ours[1] / theirs[1] for theirs, ours in turns)
    report = {
        "compared": f"capture() with every view | the pipeline's call + {asked.steps} decodes",
        "model": asked.folder.name,
        "size": f"{prompt.width} x {prompt.height}",
        "device": pipe.device.type,
        "threads": torch.get_num_threads(),
        "compiled": compiling.is_compiled(pipe),
        "load": round(os.getloadavg()[0], 1),
        "plain_seconds": [round(theirs[0], 2) for theirs, _ in turns],
        "capture_seconds": [round(ours[0], 2) for _, ours in turns],
        "ratio": round(wall, 3),
        "ratio_of_processor_time": round(work, 3),
        "target": TARGET,
    }
    print(json.dumps(report, indent=1))
    return int(wall > TARGET)


@torch.no_grad()
def plain(pipe, prompt: Prompt) -> None:
    """The pipeline's own call, and as many decodes as there are steps."""
    latents = pipe(
        prompt.text,
        num_inference_steps=prompt.steps,
        guidance_scale=prompt.guidance_scale,
        width=prompt.width,
        height=prompt.height,
        generator=torch.Generator().manual_seed(prompt.seed),
        output_type="latent",
    ).images
    for _ in range(prompt.steps + 1):  # and the final one, which the call above left out
        denoise.decode(pipe, latents)


def watched(pipe, prompt: Prompt, model: Model) -> None:
    """A capture with every view, its pictures encoded."""
    colours = LatentColours("", ((0.1,) * 4,) * 3, (0.5,) * 3, 0.0, 0)
    one.capture(pipe, prompt, model, colours)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=STUDY)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--compile", action="store_true", help="both sides, by torch")
    return parser.parse_args()


def _given(folder: Path, steps: int) -> tuple:
    """The pipeline of a folder, its record and a prompt at its own size."""
    none = Model("bench", folder.name, "folder", str(folder), None, True, LatentMap((), steps))
    model = replace(none, revision=weights.revision_of(folder))
    pipe = weights.load(model, ROOT)
    size = pipe.unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    pixels = {"width": width * pipe.vae_scale_factor, "height": height * pipe.vae_scale_factor}
    text = "a chrome car, studio, side view"
    prompt = Prompt(
        "bench", "", text, "", 1, steps, 7.5, **pixels, scheduler="DDIMScheduler", model="bench"
    )
    return pipe, model, prompt


def _seconds(side: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time, that one side takes."""
    began, worked = time.perf_counter(), time.process_time()
    side()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began, time.process_time() - worked


if __name__ == "__main__":
    sys.exit(main())
