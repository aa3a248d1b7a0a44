"""A few final pictures as a page takes them: two of one car's noises, one that was never seen."""

from io import BytesIO

from PIL import Image

from gen.core.measured import Finals, Painted

SIZE = (48, 32)
CHROME, RED = "a chrome car in a studio, side view", "a glossy red car in a forest, side view"


def one(text: str, seed: int, held_out: bool = False) -> Painted:
    split = tuple(text.replace(",", " ,").split())
    return Painted(text, split, seed, f"{'-'.join(split[1:3])}-{seed}.webp", held_out)


def finals(revision: str) -> Finals:
    """By id the study model's."""
    every = (one(CHROME, 1), one(CHROME, 2), one(RED, 1, held_out=True))
    digests = tuple((each.file, "0" * 64) for each in every)
    settings = (30, 4.0, "DDIMScheduler", "")
    return Finals("study", "0" * 16, revision, *settings, *SIZE, every, digests)


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", SIZE, "grey").save(file, "WEBP")
    return file.getvalue()
