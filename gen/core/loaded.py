"""A diffusers folder: which of its files loading may read, which are all that its pin covers."""

import re
from pathlib import Path

from gen.core.disk import shown

PICKLED = (".ckpt", ".bin", ".pt", ".pth", ".pkl")  # opening one can run what is inside it
UNREAD = (*PICKLED, ".msgpack", ".onnx", ".h5", ".pb", ".xml")  # other libraries' weights
INDEX = "model_index.json"
PARTS = ("scheduler", "text_encoder", "tokenizer", "unet", "vae")  # no safety checker, no other
STEMS = {
    "text_encoder": "model",
    "unet": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
}


def files(path: Path) -> list[Path]:
    """Every file of a folder that loading may read, sorted by part; none that is hidden."""
    chosen = variant(path)
    inside = [
        file
        for part in PARTS
        if (path / part).is_dir()
        for file in sorted((path / part).rglob("*"))
        if file.is_file() and shown(file, path) and not _passed_over(file, chosen)
    ]
    return [path / INDEX, *inside]


def variant(path: Path) -> str | None:
    """Which variant to load, such as fp16, where a network has no plain weights; else None."""
    for part, stem in STEMS.items():
        if not _plain(path / part, stem):
            names = " ".join(file.name for file in (path / part).glob(f"{stem}*.safetensors"))
            others = sorted(set(re.findall(r"\.(\w+)(?:-\d+-of-\d+)?\.safetensors", names)))
            if others:
                return "fp16" if "fp16" in others else others[0]
    return None


def _plain(folder: Path, stem: str) -> bool:
    """Whether a network's weights are there under their plain name, whole or in shards."""
    names = (f"{stem}.safetensors", f"{stem}.safetensors.index.json")
    return any((folder / name).is_file() for name in names)


def _passed_over(path: Path, chosen: str | None) -> bool:
    """Whether loading leaves a file alone: a pickle, or a variant, as model.fp16.safetensors."""
    if path.suffix in UNREAD:
        return True
    return path.suffix == ".safetensors" and "." in path.stem and f".{chosen}" not in path.stem
