"""Judges in a real browser read what those in Python read, and words ask for what they mean."""

import io
import json
import threading
from base64 import b64encode
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
READ = """async ([file, pictures]) => {
    const { read } = await import("/js/live/judged.js")
    const all = []
    for (const picture of pictures) {
        const raw = Uint8ClampedArray.from(atob(picture), (letter) => letter.charCodeAt(0))
        const { readings } = await read(file, raw)
        all.push({ ...readings, mask: [...readings.mask] })
    }
    return all
}"""
REFUSED = """async (file) => {
    const { read } = await import("/js/live/judged.js")
    return read(file, new Uint8ClampedArray(4)).then(() => "", (error) => error.message)
}"""
ASKED = """async ([prompts, grammar]) => {
    const { asked } = await import("/js/live/asked.js")
    return prompts.map((prompt) => asked(prompt, grammar))
}"""
SHOWN = 3  # kept pictures that are read


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the scripts, and the address at which it is served."""
    folder = tmp_path_factory.mktemp("jury")
    (folder / "js").symlink_to(ROOT / "docs" / "assets" / "js")
    (folder / "kept").symlink_to(ROOT / "sources" / "models" / "judges")
    (folder / "empty.html").write_text("<!doctype html>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def blank(place, browser):
    page = browser.new_page()
    page.goto(f"{place[1]}/empty.html")
    yield page
    page.close()


@pytest.fixture(scope="module")
def materials():
    from gen.publish import materials as reading

    return reading.read(ROOT)


@pytest.fixture(autouse=True)
def one_thread():
    """Quicker than two at this size."""
    torch = pytest.importorskip("torch", reason="needs the generate install")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tiny(folder: Path, shrink: int = 2, **changes):
    """Judges with random weights that see pictures shrunk, saved; `changes` are of their recipe."""
    import torch

    from gen.study.judging import judges, readings
    from gen.study.recipe.train import JudgesRecipe
    from gen.study.recipe.whole import read_recipe

    asked = {"mask": [8, 16, 8, 8], "hidden": 16, "features": 8, "shrink": shrink} | changes
    recipe = JudgesRecipe(**asked)
    known = readings.classes(read_recipe(ROOT / "sources" / "study.yml").render)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        jury = judges.networks(recipe, known, (64 * shrink, 96 * shrink))
        for weights in jury.parameters():
            weights.data = (weights + 0.05 * torch.randn(weights.shape)).half().float()
    made = judges.Judges(jury.requires_grad_(False), recipe, known, (64 * shrink, 96 * shrink))
    judges.write(folder / "judging.safetensors", made, {})
    return made


def blots(size: tuple[int, int]) -> np.ndarray:
    """Three pictures of soft blots."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (3, 6, 8, 3), np.uint8)
    shape = (size[1], size[0])
    return np.stack([Image.fromarray(one).resize(shape, Image.Resampling.BICUBIC) for one in small])


def equal(judges, pictures: np.ndarray, page, file: str) -> np.ndarray:
    """Asserts that a browser reads what Python reads; the masks that it found."""
    opaque = np.full((*pictures.shape[:3], 1), 255, np.uint8)
    rgba = np.concatenate([pictures, opaque], axis=-1)
    there = page.evaluate(READ, [file, [b64encode(one.tobytes()).decode() for one in rgba]])
    whole = judges.read(pictures)
    parts = {of: judges.read_world(pictures, whole.mask, of) for of in ("body", "background")}
    masks = np.array([one["mask"] for one in there]).reshape(whole.mask.shape)
    assert np.abs(masks - whole.mask).max() <= 1
    assert (masks != whole.mask).mean() < 0.001
    for part, reading in {"whole": whole, **parts}.items():
        for kind, shares in reading.probabilities.items():
            ours = np.array([one[part][kind] for one in there])
            assert np.abs(ours - shares).max() < 1e-4
            assert (ours.argmax(1) == shares.argmax(1)).all()
    return masks


def test_kept_pictures_are_read_as_python_reads_them(place, blank, materials):
    from gen.study.judging import judges

    kept = judges.load(ROOT / "sources" / "models" / "judges", "judging")
    own = [c for c in materials.captures.values() if materials.jury.reads(c.prompt)]
    finals = [Image.open(io.BytesIO(materials.final(c))).convert("RGB") for c in own[:SHOWN]]
    assert len(finals) == SHOWN
    pictures = np.stack([np.asarray(picture) for picture in finals])
    masks = equal(kept, pictures, blank, f"{place[1]}/kept/judging.safetensors")
    assert 0.05 < (masks >= 128).mean() < 0.6


def test_judges_that_see_pictures_shrunk_read_as_python_does(place, blank):
    judges = tiny(place[0])
    masks = equal(judges, blots(judges.size), blank, f"{place[1]}/judging.safetensors")
    assert 0 < (masks >= 128).mean() < 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"extra": [2, 2]}, "extra is 2 x 2, and is not there in judges that can read here"),
        ({"mask.pixels.weight": None}, "mask.pixels.weight is not there, and is 4 x 8 x 1 x 1 in"),
        ({"body.heads.sun.bias": [3]}, "body.heads.sun.bias is 3, and is 2 in judges that can"),
    ],
)
def test_judges_of_other_layers_are_refused_in_a_line(place, blank, change, says):
    import torch
    from safetensors.torch import load_file, save_file

    from gen.study.training.checkpoint import read_state

    file = place[0] / "judging.safetensors"
    tiny(place[0])
    state, tensors = read_state(file), load_file(file)
    tensors |= {name: torch.zeros(shape or 1) for name, shape in change.items()}
    left = {n: w for n, w in tensors.items() if change.get(n, 1) is not None}
    save_file(left, place[0] / "other.safetensors", {"state": json.dumps(state)})
    said = blank.evaluate(REFUSED, f"{place[1]}/other.safetensors")
    assert said.startswith("These judges cannot read in a browser: other.safetensors: ")
    assert says in said
    assert "\n" not in said


def test_judges_whose_channels_the_kernels_cannot_take_are_refused_in_a_line(place, blank):
    tiny(place[0], mask=[8, 12, 8, 8])
    said = blank.evaluate(REFUSED, f"{place[1]}/judging.safetensors")
    assert "judging.safetensors: channels must be multiples of 8" in said


def test_words_of_captions_ask_for_what_they_mean(blank, materials):
    from gen.study.recipe.whole import read_recipe
    from gen.study.world import captions, scene

    recipe = read_recipe(ROOT / "sources" / "study.yml").render
    rng = np.random.default_rng(0)
    scenes = [scene.draw(seed, recipe, held_out=False) for seed in range(60)]
    prompts = [captions.caption(one, recipe, rng) for one in scenes]
    kinds = ("finish", "colour", "world", "view")
    means = [captions.understood(prompt, recipe) for prompt in prompts]
    mean = [{kind: one[kind] for kind in kinds if kind in one} for one in means]
    phrases = json.loads(json.dumps(materials.painter.grammar.phrases))
    assert blank.evaluate(ASKED, [prompts, phrases]) == mean
    loose = ["A red car, snow!", "a bicycle", "a golden car"]
    says = [{"colour": "red", "world": "snow"}, {}, {}]
    assert blank.evaluate(ASKED, [loose, phrases]) == says


def test_a_judge_is_shown_from_the_share_that_measurements_need(blank):
    from gen.study.judging import readings

    ours = blank.evaluate("async () => (await import('/js/live/report.js')).NEEDED")
    assert ours == readings.NEEDED
