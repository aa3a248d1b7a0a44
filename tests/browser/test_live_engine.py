"""The painting engine in a real browser: the same run as Python's, number by number."""

import hashlib
import json
import random
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tiny_painter
from tiny_painter import HEIGHT, STEPS, TEXT, WIDTH

ROOT = Path(__file__).parents[2]
LIVE = ROOT / "docs" / "assets" / "js" / "live"
SCHEDULERS = ("DDIMScheduler", "DPMSolverMultistepScheduler", "DDIMFresh")
RUN = """async ([folder, size, settings, twice]) => {
    const { decoder, loop } = await import("/live/pipeline.js")
    const { Run } = await import("/live/run.js")
    const parts = await loop(folder, size, () => {})
    const half = await decoder(folder, size, () => {})
    const memory = []
    let told, picture
    for (let turn = 0; turn < (twice ? 3 : 1); turn++) {
        const run = new Run(parts, settings)
        if (twice) { run.step(); run.step(); run.change("gold", 2); run.step(); run.back(0) }
        const [{ prompt, guidance }] = settings.plan
        if (twice) run.change(prompt, guidance)
        while (!run.done) told = run.step()
        picture = half.decoder.run(told.clean)
        run.end()
        memory.push(parts.memory.bytes + half.memory.bytes)
    }
    return { latents: [...told.clean], reads: [...told.reads], picture: [...picture], memory }
}"""
ROOMS = """async ([turns, most]) => {
    const { Memory } = await import("/live/memory.js")
    const memory = new WebAssembly.Memory({ initial: 1 })
    const room = new Memory({ memory, __heap_base: { value: 1000 } })
    const held = []
    let seed = 1, high = 0
    const random = (below) => (seed = (seed * 16807) % 2147483647) % below
    for (let turn = 0; turn < turns; turn++) {
        if (held.length > 9) room.give(...held.splice(random(9), 2).map(({ from }) => from))
        const count = 1 + random(most)
        const from = room.take(count), to = from + 4 * count
        if (held.some((other) => from < other.to && other.from < to)) return "two in one place"
        if (to > room.bytes) return "behind the end"
        held.push({ from, to })
        high = Math.max(high, held.reduce((sum, { from, to }) => sum + to - from, 0))
    }
    const taken = room.bytes
    room.give(...held.map(({ from }) => from))
    room.take(high / 4)
    return { more: room.bytes - taken, share: taken / high }
}"""
SEEDS = (0, 1, 20261128, 2**31, 2**32 - 1)
NASTY = (
    *(
        "",
        " ",
        "...",
        "Chrome!!",
        "a  chrome\tcar\n",
        "CAR'S",
        "don't",
        "ΣΑΣ ΟΔΟΣ",
        "İstanbul",
        "ﬁne",
    ),
    *(
        "naïve café",
        "Å Å",
        "自動車",
        "🚗🚗 car",
        "12 345",
        "<|endoftext|> car",
        "a<|startoftext|>b",
        "²½",
    ),
    *("\x85car\u3000car", "e\u0301", "x" * 300, "car " * 90),
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    """The tiny pipeline, and the address below which it and the engine are served."""
    pytest.importorskip("diffusers", reason="needs the generate install")
    from transformers import CLIPTokenizer

    folder = tmp_path_factory.mktemp("painter")
    words = CLIPTokenizer.from_pretrained(ROOT / "sources" / "models" / "study" / "tokenizer")
    pipe = tiny_painter.pipeline(words)
    pipe.set_progress_bar_config(disable=True)
    pipe.save_pretrained(folder / "tiny", safe_serialization=True)
    (folder / "live").symlink_to(LIVE)
    (folder / "empty.html").write_text("<!doctype html>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield pipe, f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join()


@pytest.fixture
def blank(painter, browser):
    """An empty page beside the engine."""
    page = browser.new_page()
    page.goto(f"{painter[1]}/empty.html")
    yield page
    page.close()


def paint(painter, page, scheduler: str, folder: str = "tiny", twice: bool = False) -> dict:
    """What the engine makes of the tiny run."""
    size = {"width": WIDTH, "height": HEIGHT}
    plan = [{"at": 0, "prompt": TEXT, "guidance": 4}]
    settings = {"negative": "", "seed": 3, "steps": STEPS, "sampler": scheduler, "plan": plan}
    return page.evaluate(RUN, [f"{painter[1]}/{folder}/", size, settings, twice])


def apart(one: list[float], other: np.ndarray) -> float:
    """The largest difference, in units of the largest value."""
    return float(np.abs(np.array(one) - other).max() / np.abs(other).max())


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_run_gives_the_latents_reads_and_picture_that_python_gives(painter, blank, scheduler):
    ours, kept = paint(painter, blank, scheduler), tiny_painter.run(painter[0], scheduler)
    assert apart(ours["latents"], kept["latents"]) < 1e-4
    assert apart(ours["reads"], kept["reads"]) < 1e-4
    picture = np.array(ours["picture"]).reshape(-1, 4)
    assert (picture[:, 3] == 255).all()
    assert np.abs(picture[:, :3].ravel() - kept["picture"]).max() <= 1


def test_going_back_gives_the_same_again_and_no_run_keeps_memory(painter, blank):
    once, again = (paint(painter, blank, SCHEDULERS[1], twice=twice) for twice in (False, True))
    assert [again[name] for name in ("latents", "picture")] == [once["latents"], once["picture"]]
    assert again["memory"][1] == again["memory"][2]


def test_what_is_given_back_is_taken_again_in_other_pieces(blank):
    room = blank.evaluate(ROOMS, [400, 30_000])
    assert room["more"] == 0  # what was given back in pieces is there in one
    assert room["share"] < 2  # of all that ever lay there at once


def test_a_thousand_texts_have_the_ids_that_the_tokenizer_gives_them(painter, blank):
    chance, words = (
        random.Random(7),
        (*NASTY, "a", "chrome", "car,", "in", "the", "snow", "Gold-ish"),
    )
    letters = "abcdefgXYZ 0123456789,.-'!?äßéЖдσς中\u00a0\u2028\t🚗½<|>"
    texts = [*NASTY]
    texts += [" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(500)]
    texts += ["".join(chance.choices(letters, k=chance.randint(1, 60))) for _ in range(500)]
    ids = blank.evaluate(
        """async texts => {
            const { Tokenizer } = await import("/live/tokenizer.js")
            const file = await fetch("/tiny/tokenizer/tokenizer.json")
            const tokenizer = new Tokenizer(await file.json())
            return texts.map(text => [...tokenizer.ids(text)])
        }""",
        texts,
    )
    whole = painter[0].tokenizer(texts, padding="max_length", truncation=True, max_length=77)
    wrong = [t for t, one, other in zip(texts, ids, whole.input_ids, strict=True) if one != other]
    assert wrong == []


def test_the_noise_of_a_seed_has_torch_s_bits(blank):
    torch = pytest.importorskip("torch", reason="needs the generate install")
    drawn = blank.evaluate(
        """async seeds => {
            const { randn } = await import("/live/noise.js")
            return seeds.map(seed => [...new Uint32Array(randn(seed, 6144).buffer)])
        }""",
        list(SEEDS),
    )
    ours = np.array(drawn, np.uint32).view(np.float32)
    drawn = (torch.randn(6144, generator=torch.Generator().manual_seed(seed)) for seed in SEEDS)
    kept = torch.stack(list(drawn)).numpy()
    plain = torch.backends.cpu.get_cpu_capability() == "DEFAULT"  # torch has other sums there
    assert np.abs(ours - kept).max() <= (3e-6 if plain else 0)


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        ("unet", {"act_fn": "gelu"}, "unet/config.json: act_fn is gelu; only silu is known"),
        (
            "unet",
            {"down_block_types": ["DownBlock2D", "AttnDownBlock2D"]},
            "unet/config.json: AttnDownBlock2D is not known, only DownBlock2D and",
        ),
        (
            "unet",
            {"attention_head_dim": 8},
            "unet/config.json: channels of a head must be multiples",
        ),
        ("text_encoder", {"hidden_act": "gelu"}, "text_encoder/config.json: hidden_act is gelu"),
        ("vae", {"latent_channels": 16}, "vae/config.json: latent_channels is 16; only 4 is known"),
        (
            "scheduler",
            {"prediction_type": "v_prediction"},
            "scheduler/config.json: prediction_type is v_prediction; only epsilon is known",
        ),
    ],
)
def test_what_it_cannot_run_is_refused_in_a_line(painter, blank, part, change, says):
    folder = painter[2] / "other"
    shutil.copytree(painter[2] / "tiny", folder)
    name = "scheduler_config.json" if part == "scheduler" else "config.json"
    config = json.loads((folder / part / name).read_text())
    (folder / part / name).write_text(json.dumps(config | change))
    with pytest.raises(Exception, match=says):
        paint(painter, blank, SCHEDULERS[0], "other")
    shutil.rmtree(folder)


@pytest.mark.parametrize("share", [0, 0.00001, 0.5])
def test_weights_that_came_in_part_are_not_painted_with(painter, blank, share):
    folder = painter[2] / "part"
    shutil.copytree(painter[2] / "tiny", folder)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[: int(weights.stat().st_size * share)])
    says = "unet/diffusion_pytorch_model.safetensors came in part"
    with pytest.raises(Exception, match=says):
        paint(painter, blank, SCHEDULERS[0], "part")
    shutil.rmtree(folder)


def test_the_kernels_are_those_of_their_sources():
    """Cheap, and at each run: whoever changes one without `make kernels` is told."""
    lines = (LIVE / "kernels.sha256").read_text().splitlines()
    digests = dict(reversed(line.split("  ")) for line in lines)
    files = [*(f"kernels/{path.name}" for path in (LIVE / "kernels").iterdir()), "kernels.wasm"]
    assert digests == {f: hashlib.sha256((LIVE / f).read_bytes()).hexdigest() for f in files}


def test_the_kernels_come_from_their_sources_byte_for_byte(tmp_path):
    for name in ("Makefile", "constraints.txt", "requirements", "docs/assets/js/live"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    made = tmp_path / "docs" / "assets" / "js" / "live" / "kernels.wasm"
    made.unlink()
    done = subprocess.run(
        ["make", "kernels"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    if "pip" in done.stderr and not made.exists():
        pytest.skip(f"pip cannot bring the compiler: {done.stderr.splitlines()[-2]}")
    assert done.returncode == 0, done.stderr
    assert made.read_bytes() == (LIVE / "kernels.wasm").read_bytes()
