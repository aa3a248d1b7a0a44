"""Stable Diffusion 1.5 at its full size, with random weights, in each layout that it comes in.

    python benchmarks/loading.py [FOLDER]

Writes 9 GB to FOLDER (a temporary one, removed at the end, if none is given): one file in fp16, one
without its VAE beside a VAE, a folder in fp16, one of fp16 variants alone. Each is looked at,
hashed and loaded, its weights compared with what was written, and the seconds of all three printed.
Needs 8 GB of memory.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from original import original  # noqa: E402

from gen.capture import layouts, vocabulary, weights  # noqa: E402
from gen.core import shapes  # noqa: E402
from gen.core.sources import LatentMap, Model  # noqa: E402

VAE = "first_stage_model."
LAYOUTS = ("one file", "a file and a VAE", "a folder", "a folder of variants")


def main() -> int:
    """Prints a row for each layout; 1 if a tensor is not what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="loading-") as own:
        rows = [_row(name, folder or Path(own)) for name in LAYOUTS]
    print(json.dumps(rows, indent=1))
    return int(not all(row["same"] for row in rows))


def _row(name: str, folder: Path) -> dict[str, object]:
    """One layout written, looked at, hashed and loaded."""
    model = Model(
        "sd15", "SD 1.5", "file", "sd15", None, False, LatentMap((), 1),
        shape=shapes.read(ROOT, "sd15", "here"),
    )  # fmt: skip
    networks = _networks()
    path, vae = _written(name, folder, networks)
    look = _seconds(lambda: weights.refuse_unfit(model, ROOT, path, vae))
    pins: dict[str, str] = {}
    hashing = _seconds(lambda: pins.update(revision=weights.revision_of(path)))
    pinned = replace(model, vae=weights.revision_of(vae) if vae else None, **pins)
    pipes = []
    load = weights.load
    opening = _seconds(lambda: pipes.append(load(pinned, ROOT, path, "cpu", torch.float16, vae)))
    same = all(
        torch.equal(tensor, networks[part][key])
        for part in networks
        for key, tensor in getattr(pipes[0], part).state_dict().items()
    )
    shutil.rmtree(folder / "layout")
    seconds = {"look": look, "hash": hashing, "hash_and_load": opening}
    return {"layout": name, "same": same, **{key: round(s, 2) for key, s in seconds.items()}}


def _networks() -> dict[str, dict[str, torch.Tensor]]:
    """Random tensors of every name and shape that the full size has, in half precision."""
    torch.manual_seed(0)
    config = shapes.folder(ROOT, shapes.read(ROOT, "sd15", "here"))
    return {
        part: {
            key: torch.randn(shape, dtype=torch.float16).mul_(0.02)
            for key, shape in layouts.expected(part, config).items()
        }
        for part in layouts.NETWORKS
    }


def _written(
    name: str, folder: Path, networks: dict[str, dict[str, torch.Tensor]]
) -> tuple[Path, Path | None]:
    """A layout on the disk: what --weights names, and what --vae does."""
    (folder / "layout").mkdir(parents=True)
    if name.startswith("a folder"):
        return _folder(folder / "layout", networks, ".fp16" if "variants" in name else ""), None
    tensors = original(networks, layers=2)
    beside = {key: tensors[key] for key in tensors if key.startswith(VAE)}
    path, vae = (folder / "layout" / f"{kind}.safetensors" for kind in ("model", "vae"))
    if name == "one file":
        save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path)
        return path, None
    save_file(beside, vae)
    save_file({key: tensors[key] for key in tensors if key not in beside}, path)
    return path, vae


def _folder(folder: Path, networks: dict[str, dict[str, torch.Tensor]], variant: str) -> Path:
    """A diffusers folder: the shape's own configs, a vocabulary, and the weights."""
    config = shapes.folder(ROOT, shapes.read(ROOT, "sd15", "here"))
    shutil.copytree(config, folder, dirs_exist_ok=True)
    (folder / "tokenizer" / "vocabulary.json").unlink()
    vocabulary.tokenizer(config).save_pretrained(folder / "tokenizer")
    for part, tensors in networks.items():
        stem = "model" if part == "text_encoder" else "diffusion_pytorch_model"
        save_file(tensors, folder / part / f"{stem}{variant}.safetensors", {"format": "pt"})
    return folder


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
