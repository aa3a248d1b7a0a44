"""Captures of a tiny real pipeline: whole, harmless, the same again, resumed after any death."""

import io
import json
import os
import signal
import socket
from dataclasses import replace
from multiprocessing import get_context

import pytest

torch = pytest.importorskip("torch", reason="needs the generate install")

import numpy as np  # noqa: E402
from accelerate import PartialState  # noqa: E402
from PIL import Image  # noqa: E402

from gen.capture import denoise as generate  # noqa: E402
from gen.capture import one as capture  # noqa: E402
from gen.capture import sheets  # noqa: E402
from gen.core import store  # noqa: E402
from gen.core.errors import BadInput, BrokenCapture, MissingCapture, ModelError, NotAsKept  # noqa: E402
from gen.core.records import END, START, LatentMap  # noqa: E402

fork = get_context("fork")  # a child that has the pipeline already


@pytest.fixture(scope="module")
def colours(tiny_pipe, tiny_model):
    return capture.latent_colours(tiny_pipe, tiny_model)


@pytest.fixture(scope="module")
def made(tiny_pipe, tiny_prompt, tiny_model, colours):
    """One capture and its files."""
    return capture.capture(tiny_pipe, tiny_prompt, tiny_model, colours)


@pytest.fixture
def jobs(tiny_prompt, tiny_model):
    """Two prompts, the first asked for twice under other ids."""
    twin = replace(tiny_prompt, id="twin", idea="other")
    red = replace(tiny_prompt, id="red-tiny", text="a red car")
    return [(prompt, tiny_model) for prompt in (tiny_prompt, twin, red)]


def quiet(progress) -> None:
    """Reports to nobody."""


def picture(held: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(held)))


def frame(files, view, at: int) -> np.ndarray:
    """One frame of a sheet."""
    width, height = view.frame_size
    top, left = at // 8 * height, at % 8 * width
    return picture(files[view.sheet])[top : top + height, left : left + width]


def everything(root) -> dict[str, bytes]:
    """All of a store but made.json, which knows the clock."""
    paths = sorted((root / "docs" / "captures").rglob("*"))
    kept = [path for path in paths if path.is_file() and path.name != "made.json"]
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


# What a capture holds


def test_observing_never_changes_the_picture(made, tiny_pipe, tiny_prompt):
    """Every view on, against the pipeline's own call with none."""
    plain = tiny_pipe(
        tiny_prompt.text,
        negative_prompt=tiny_prompt.negative,
        num_inference_steps=tiny_prompt.steps,
        guidance_scale=tiny_prompt.guidance_scale,
        width=tiny_prompt.width,
        height=tiny_prompt.height,
        generator=torch.Generator().manual_seed(tiny_prompt.seed),
    ).images[0]
    record, files = made
    assert np.array_equal(picture(files[record.final]), np.asarray(plain))


def test_every_view_at_every_step(made):
    record, files = made
    views = {(view.kind, view.word): view for view in record.views}
    words = [START, "a", "chrome", "car", "studio", END]
    assert list(views) == [
        *(("noisy", None), ("clean", None)),
        *(("attention", word) for word in words),
        ("guidance", None),
    ]
    assert len(record.steps) == 4
    for (kind, _), view in views.items():
        assert view.frames == (5 if kind == "noisy" else 4)
        assert view.frame_size == ((64, 48) if kind == "clean" else (8, 6))
        assert (view.scale is None) == (kind in ("noisy", "clean"))
        assert bool(view.layers) == (kind == "attention")
    assert set(files) == {"final.png", *(view.sheet for view in record.views)}
    assert [len(curve.values) for curve in record.curves] == [4, 4]


def test_a_capture_is_the_same_again(made, tiny_pipe, tiny_prompt, tiny_model, colours):
    assert capture.capture(tiny_pipe, tiny_prompt, tiny_model, colours) == made


def test_noisy_frames_are_the_latents_through_the_kept_map(made, tiny_pipe, tiny_prompt, colours):
    """Worked out pixel by pixel; frame 0 is the starting noise, the last the final latents."""
    record, files = made
    moments = list(generate.denoise(tiny_pipe, tiny_prompt))
    for at, latents in ((0, moments[0].seen), (4, moments[-1].latents)):
        rgb = np.array(colours.matrix) @ latents[0].flatten(1).numpy() + np.array(
            colours.bias
        ).reshape(3, 1)
        expected = (rgb.clip(0, 1) * 255).T.reshape(6, 8, 3)
        assert np.abs(frame(files, record.view("noisy"), at) - expected).max() <= 0.51


def test_clean_frames_are_the_decoded_predictions(made, tiny_pipe, tiny_prompt):
    """The sheet is lossy, so near; the curve is measured before, so exact."""
    record, files = made
    moments = list(generate.denoise(tiny_pipe, tiny_prompt))
    final = generate.decode(tiny_pipe, moments[-1].latents)
    for at, moment in enumerate(moments):
        clean = generate.decode(tiny_pipe, moment.clean)
        shown = frame(files, record.view("clean"), at)
        assert np.abs(shown - clean[0].permute(1, 2, 0).numpy() * 255).mean() < 12
        apart = float((clean - final).square().mean().sqrt())
        assert record.curve("distance")[at] == pytest.approx(apart, rel=1e-5, abs=1e-9)


def test_guidance_is_what_the_words_change(made, tiny_pipe, tiny_prompt):
    record, files = made
    view = record.view("guidance")
    for at, moment in enumerate(generate.denoise(tiny_pipe, tiny_prompt)):
        norm = moment.effect[0].norm(dim=0).numpy()
        low, high = view.scale
        expected = (norm - low) / (high - low) * 255
        assert np.abs(frame(files, view, at)[..., 0] - expected).max() < 16, "WebP may be lossy"
        energy = float(moment.effect.square().mean().sqrt())
        assert record.curve("guidance")[at] == pytest.approx(energy, rel=1e-5)


def test_without_guidance_there_is_no_view_of_it(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, guidance_scale=1.0)
    record, _ = capture.capture(tiny_pipe, prompt, tiny_model, colours)
    assert {view.kind for view in record.views} == {"noisy", "clean", "attention"}
    assert [curve.name for curve in record.curves] == ["distance"]
    assert record.part("unet").takes[0][0] == 1, "one branch only"


def test_pieces_of_a_word_share_a_view(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, text="a zebra")
    record, _ = capture.capture(tiny_pipe, prompt, tiny_model, colours)
    assert [token.word for token in record.tokens] == [START, "a", *["zebra"] * 5, END]
    pieces, whole = record.view("attention", "zebra"), record.view("attention", "a")
    assert pieces.scale[0] > 3 * whole.scale[0], "five shares, added up"


def test_steps_are_those_that_were_taken(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, scheduler="PNDMScheduler")
    record, _ = capture.capture(tiny_pipe, prompt, tiny_model, colours)
    assert len(record.steps) == record.part("unet").runs > prompt.steps
    assert record.view("noisy").frames == len(record.steps) + 1


def test_wide_pictures_are_shown_small(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, width=512, height=64, steps=1)
    record, _ = capture.capture(tiny_pipe, prompt, tiny_model, colours)
    assert record.view("clean").frame_size == (256, 32)


def test_pictures_carry_prompt_seed_and_model(made, tiny_prompt, tiny_model):
    record, files = made
    text = Image.open(io.BytesIO(files["final.png"])).text
    assert (text["prompt"], text["seed"], text["model"]) == (tiny_prompt.text, "3", "Tiny model")
    assert text["revision"] == tiny_model.revision
    for view in record.views:
        about = Image.open(io.BytesIO(files[view.sheet])).getexif()[sheets.DESCRIPTION]
        expected = {"model": "Tiny model", "prompt": tiny_prompt.text, "seed": 3}
        assert json.loads(about) == expected


def test_a_text_of_any_script_is_carried_whole(tiny_pipe, tiny_prompt, tiny_model, colours):
    prompt = replace(tiny_prompt, text="クロムの車 ö", steps=1)
    _, files = capture.capture(tiny_pipe, prompt, tiny_model, colours)
    assert Image.open(io.BytesIO(files["final.png"])).text["prompt"] == prompt.text
    about = Image.open(io.BytesIO(files["clean.webp"])).getexif()[sheets.DESCRIPTION]
    assert json.loads(about)["prompt"] == prompt.text


def test_latent_colours_come_nearest_to_the_decoder(tiny_pipe, tiny_model, colours):
    """Any other map is further off, on what it was fitted on."""
    (prompt,) = capture._own_prompts(tiny_pipe, tiny_model)
    latents, rgb = (
        torch.cat(held) for held in zip(*capture._pairs(tiny_pipe, prompt), strict=True)
    )
    matrix, bias = torch.tensor(colours.matrix), torch.tensor(colours.bias)

    def off(matrix) -> float:
        return float((latents @ matrix.T + bias - rgb).square().mean().sqrt())

    assert off(matrix) == pytest.approx(colours.rmse, rel=1e-3)
    assert off(matrix * 1.2) > colours.rmse < off(matrix - 0.01)
    assert colours.pixels == len(rgb) == 2 * 6 * 8
    assert (prompt.width, prompt.height, prompt.seed) == (64, 48, 0)


# What is refused


def test_a_text_that_would_be_cut_is_refused(tiny_project, tiny_pipe, jobs):
    for field in ("text", "negative"):
        long = replace(jobs[0][0], **{field: "red " * 74 + "car chrome zebra"})
        with pytest.raises(BadInput, match=f"^chrome-tiny: {field} is longer .*: chrome, zebra$"):
            capture.capture_all(
                tiny_project, [jobs[2], (long, jobs[0][1])], lambda model: tiny_pipe, quiet
            )
    assert store.keys(tiny_project) == (), "refused before the first was made"


def test_a_size_that_latents_cannot_have_is_refused(tiny_project, tiny_pipe, jobs):
    odd = replace(jobs[0][0], width=60)
    with pytest.raises(BadInput, match="60 x 48 is not in steps of 8; change width"):
        capture.capture_all(tiny_project, [(odd, jobs[0][1])], lambda model: tiny_pipe, quiet)


def test_a_word_that_the_model_never_saw_is_named(tiny_project, tiny_pipe, jobs):
    told = []
    zebra = replace(jobs[0][0], text="a red zebra", steps=1)
    capture.capture_all(tiny_project, [(zebra, jobs[0][1])], lambda model: tiny_pipe, told.append)
    (warning,) = [progress for progress in told if progress.kind == "warning"]
    assert "Tiny model never saw zebra; expect anything" in warning.message


def test_an_unpinned_model_is_refused_with_the_line_to_paste(tiny_project, jobs, tiny_model):
    job = (jobs[0][0], replace(tiny_model, revision=None))
    with pytest.raises(ModelError, match=f"not pinned.*`revision: {tiny_model.revision}`"):
        capture.capture_all(
            tiny_project, [job], lambda model: generate.load(model, tiny_project), quiet
        )


# Keeping


def test_captures_are_made_once(tiny_project, tiny_pipe, jobs):
    told = []
    keys = capture.capture_all(tiny_project, jobs, lambda model: tiny_pipe, told.append)
    assert set(keys) == set(store.keys(tiny_project))
    assert [p.id for p in told if p.kind == "made"] == ["chrome-tiny", "red-tiny"]
    assert [(p.step, p.steps) for p in told if p.id == "red-tiny" and p.kind == "step"] == [
        *((1, 4), (2, 4), (3, 4), (4, 4)),
    ]
    before, told = everything(tiny_project), []
    assert capture.capture_all(tiny_project, jobs, fail, told.append) == ()
    assert [p.kind for p in told] == ["fresh"] * 3
    assert everything(tiny_project) == before


def fail(model):
    """Stands where nothing needs a pipeline."""
    raise AssertionError("a fresh capture needs no pipeline")


def test_a_broken_capture_is_made_again(tiny_project, tiny_pipe, jobs):
    (key,) = capture.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    before = everything(tiny_project)
    (store.folder(tiny_project, key) / "clean.webp").write_bytes(b"")
    with pytest.raises(BrokenCapture):
        store.read(tiny_project, key)
    capture.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    assert everything(tiny_project) == before


def test_made_names_no_machine(tiny_project, tiny_pipe, jobs):
    (key,) = capture.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    made = store.made(tiny_project, key)
    assert set(made) == {"when", "device", "dtype", "threads", "seconds", "versions"}
    assert (made["device"], made["dtype"], made["threads"]) == ("cpu", "float32", 1)
    assert socket.gethostname() not in str(made)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(moment: str, at: int):
    """Runs captures and is killed at the nth call of a function of the store, or report."""

    def run(root, jobs, pipe) -> None:
        count = iter(range(at, -1, -1))

        def before(inner):
            return lambda *args, **more: inner(*args, **more) if next(count) else die()

        report = before(quiet) if moment == "report" else quiet
        if moment != "report":
            setattr(store, moment, before(getattr(store, moment)))
        capture.capture_all(root, jobs, lambda model: pipe, report)

    return run


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork, from 3.12
def test_killed_at_any_moment_and_run_again_is_as_undisturbed(tiny_project, tiny_pipe, jobs):
    """While fitting, between steps, between files, before the record, before the move."""
    jobs = [(replace(prompt, steps=2), model) for prompt, model in (jobs[0], jobs[2])]
    whole = tiny_project / "whole"
    capture.capture_all(whole, jobs, lambda model: tiny_pipe, quiet)
    moments = [("report", 0), ("report", 2), ("report", 4), ("_write_through", 0)]
    moments += [("_write_through", 5), ("_write_through", 11), ("_sync", 2)]
    for at, moment in enumerate(moments):
        root = tiny_project / str(at)
        child = fork.Process(target=dying(*moment), args=(root, jobs, tiny_pipe))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL, moment
        capture.capture_all(root, jobs, lambda model: tiny_pipe, quiet)
        assert everything(root) == everything(whole), moment
        names = {path.name for path in (root / store.CAPTURES).iterdir()}
        assert names == {path.name for path in (whole / store.CAPTURES).iterdir()}, moment


def shared(rank: int, port: int, root, jobs, pipe) -> None:
    """One of two processes, as torchrun starts them."""
    os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    os.environ |= {"LOCAL_WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    PartialState._reset_state()
    made = capture.capture_all(root, jobs, lambda model: pipe, quiet)
    assert len(made) == 1
    PartialState().destroy_process_group()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of fork, from 3.12
def test_two_processes_share_the_work(tiny_project, tiny_pipe, jobs):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    two, one = tiny_project / "two", tiny_project / "one"
    children = [
        fork.Process(target=shared, args=(rank, port, two, jobs, tiny_pipe)) for rank in (0, 1)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    capture.capture_all(one, jobs, lambda model: tiny_pipe, quiet)
    assert everything(two) == everything(one)


# Making again


def test_verify_finds_the_same(tiny_project, tiny_pipe, jobs):
    capture.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    told = []
    (found,) = capture.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, told.append)
    assert told == [found]
    assert (found.same, found.mean, found.curve, found.other) == (True, 0, 0, ())
    assert found.text == "chrome-tiny: the same to the last byte"


def test_verify_finds_another_picture(tiny_project, tiny_pipe, jobs, monkeypatch):
    capture.capture_all(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)
    denoise = generate.denoise
    monkeypatch.setattr(generate, "denoise", lambda pipe, p: denoise(pipe, replace(p, seed=9)))
    told = []
    with pytest.raises(
        NotAsKept, match=r"of 255 apart on average \(tolerance 2\).*gen capture --f"
    ):
        capture.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, told.append)
    assert told[0].wrong
    assert told[0].mean > 0


def test_verify_needs_a_kept_capture(tiny_project, tiny_pipe, jobs):
    with pytest.raises(MissingCapture, match="chrome-tiny: no capture"):
        capture.verify(tiny_project, jobs[:1], lambda model: tiny_pipe, quiet)


def test_another_latent_map_is_another_capture(tiny_prompt, tiny_model):
    other = replace(tiny_model, latent_map=LatentMap(("a red car",), 3))
    assert tiny_prompt.key(other) != tiny_prompt.key(tiny_model)
    assert store.model_key(other) != store.model_key(tiny_model)
