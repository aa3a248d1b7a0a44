"""What captures promise of a GPU, in one run of minutes: ratios, memory, verify, determinism.

    python benchmarks/gpu.py [--tiny] [--device cuda] [--minutes 8]

Stable Diffusion 1.5 at its full size with random weights, in half precision, at 512 x 512 and 50
steps; nothing is fetched. Both sides of a ratio are timed in turns in this one process, and the
median of the turns' ratios is printed. With `--tiny` the same is done with small networks on any
device, to try the way and not the pace: targets of time are then not held against it. A part that
fails is a line of the table that says why; the others are measured all the same, as long as there
is time: what is still at work when the minutes are over is stopped.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # as gen has it, before CUDA begins

import torch
from pair import pair
from random_models import FULL, MODEL, ROOT, TINY, pipeline
from sides import WIDE, AtEnd, Bench, Row, line, rows

from gen.capture import batch, compiling, devices, doctor, hollow, making, room, verify, weights
from gen.capture.room import ALONE, Room
from gen.core import inputs
from gen.core.errors import BadInput, BuildError, NotReproduced

CARD = 3.4e9  # bytes that a card of 4 GB leaves beside what CUDA itself takes


def main() -> int:
    """Prints the table; 1 if something is not as promised, or was not measured for want of time."""
    chosen = _arguments()
    device = devices.device(chosen.device)
    if chosen.tiny:
        torch.set_num_threads(1)  # small networks are slower on two
    if device.startswith("cuda"):
        torch.cuda.set_device(devices.own(device))  # memory is read of the one that torch is at
    if device == "cpu" and not chosen.tiny:
        move = "at full size a processor takes hours; --tiny tries the way"
        raise BadInput(f"no GPU that torch sees{doctor.built()}; {move}")
    scale, ends = TINY if chosen.tiny else FULL, time.perf_counter() + 60 * chosen.minutes
    dtype = devices.dtype(None, device)
    bench = Bench(scale, device, pipeline(scale, device, dtype))
    print(_title(bench, dtype), flush=True)
    wrong = 0
    for measure in MEASURES:
        for row in rows(measure, bench, ends):
            wrong += not row.kept and not (row.timed and scale.small)
            print(line(row, scale.small), flush=True)
    return int(wrong > 0)


def counting(bench: Bench) -> Iterator[Row]:
    """Arithmetic from shapes, against the step and decode that counting took before."""
    prompt = bench.prompt
    count = bench.seconds(lambda: hollow.ran(bench.pipe, prompt))
    again = bench.seconds(lambda: hollow.ran(bench.pipe, replace(prompt, text="another")))
    yield Row("arithmetic, once for a model and a size", f"{count:.2f} s, then {again:.4f} s")


def watching(bench: Bench) -> Iterator[Row]:
    """A capture with every view against the plain call and as many decodes, as many at once."""
    prompt, fits = bench.prompt, Room(1, bench.room().pictures)
    ratio, ours, plain = bench.ratio(
        lambda: bench.capture([prompt], fits), lambda: bench.call_and_decode(prompt, fits)
    )
    found = f"{ratio:.3f} ({ours:.2f} s : {plain:.2f} s)"
    yield Row("a capture : plain call and its decodes", found, "<= 1.25", ratio <= 1.25, True)
    seen = bench.capture([prompt], fits)
    size = sum(map(len, seen[0][1].values())) / 1e6
    formats = devices.formats(bench.pipe)  # the decoder's is another where it overflowed
    yield Row("its sheets and picture", f"{size:.2f} MB, made in {formats}")


def encoding(bench: Bench) -> Iterator[Row]:
    """Sheets in threads beside the device against the same in one thread when it is done."""
    prompt, fits = bench.prompt, Room(1, bench.room().pictures)
    ratio, ours, one_by_one = bench.ratio(
        lambda: bench.capture([prompt], fits), lambda: bench.capture([prompt], fits, AtEnd())
    )
    found = f"{ratio:.3f} ({ours:.2f} s : {one_by_one:.2f} s)"
    yield Row(f"encoding in {room.encoders()} threads beside : after", found)


def batching(bench: Bench) -> Iterator[Row]:
    """Pictures of many prompts together against a loop over the plain call; captures likewise."""
    prompts, fits = bench.scale.prompts(bench.scale.many), bench.room()
    many = len(prompts)
    ratio, loop, ours = bench.ratio(
        lambda: [bench.call(prompt, "pil") for prompt in prompts],
        lambda: bench.pictures(prompts, fits),
    )
    found = f"{ratio:.2f} x ({many / ours:.2f} : {many / loop:.2f} a second)"
    yield Row(f"{fits.prompts} prompts together : a loop", found, ">= 1.5 x", ratio >= 1.5, True)
    loop = bench.seconds(lambda: [bench.capture([each], ALONE) for each in prompts])
    ours = bench.seconds(lambda: bench.captures(prompts, fits))
    what = f"captures together, {fits.pictures} decoded at once : a loop"
    yield Row(what, f"{loop / ours:.2f} x")


def memory(bench: Bench) -> Iterator[Row]:
    """The most that a capture holds at once, and a small card, whole and with parts that wait."""
    if not bench.gpu:
        yield Row("peak memory", "not measured: no GPU")
        return
    fits = bench.room()
    for some in (ALONE, Room(1, fits.pictures), fits):
        prompts = bench.scale.prompts(some.prompts)
        peak = bench.peak(lambda: bench.capture(prompts, some))  # noqa: B023
        what = f"peak memory, {some.prompts} prompts, {some.pictures} decoded at once"
        yield Row(what, f"{peak:.2f} GB")
    yield Row("foretold of one prompt", f"{room.needed(bench.pipe) / 1e9:.2f} GB")
    torch.cuda.set_per_process_memory_fraction(CARD / torch.cuda.mem_get_info()[1])
    try:
        yield _small_card(bench)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


def _small_card(bench: Bench) -> Row:
    """A capture in what a card of 4 GB leaves."""
    what = "a card of 4 GB holds a capture"
    try:
        with devices.enough_memory():
            peak = bench.peak(lambda: bench.capture([bench.prompt], ALONE))
    except BadInput as error:
        return Row(what, str(error)[:40], "yes", kept=False)
    return Row(what, f"{peak:.2f} GB", f"<= {CARD / 1e9:g} GB", peak <= CARD / 1e9)


def waiting(bench: Bench) -> Iterator[Row]:
    """Parts that wait for their turn, as where memory is short: the picture, and what it costs."""
    dtype, prompt = devices.dtype(None, bench.device), bench.prompt
    before = bench.latents(prompt)
    pipe = pipeline(bench.scale, bench.device, dtype)
    waits = room.settle(pipe, bench.device, room.needed(pipe) / 2)
    short = replace(bench, pipe=pipe)
    same = torch.equal(before, short.latents(prompt))
    ratio = short.seconds(lambda: short.call_and_decode(prompt, ALONE)) / bench.seconds(
        lambda: bench.call_and_decode(prompt, ALONE)
    )
    found = f"{'same' if same else 'other'} latents, {ratio:.2f} x the time"
    yield Row("parts that wait for their turn", found, "same", same and waits)


def compiled(bench: Bench) -> Iterator[Row]:
    """Captures of a compiled pipeline against those of one that is not."""
    if bench.scale.small:
        yield Row("a compiled capture : one that is not", "not measured: small networks")
        return
    pipe = pipeline(bench.scale, bench.device, devices.dtype(None, bench.device))
    compiling.compile_parts(pipe)
    quick, prompt = replace(bench, pipe=pipe), bench.prompt
    first = quick.seconds(lambda: quick.capture([prompt], ALONE))
    ours = quick.seconds(lambda: quick.capture([prompt], ALONE))
    plain = bench.seconds(lambda: bench.capture([prompt], ALONE))
    found = f"{ours / plain:.3f} ({ours:.2f} s : {plain:.2f} s), the first {first:.0f} s"
    yield Row("a compiled capture : one that is not", found)


def again(bench: Bench) -> Iterator[Row]:
    """The same bytes when made again, alone and together; whether together is as alone."""
    first, fits = bench.prompt, bench.room()
    alone = [bench.capture([first], ALONE) for _ in range(2)]
    group = [bench.capture(bench.scale.prompts(2), fits) for _ in range(2)]
    for name, (before, now) in {"alone": alone, "together": group}.items():
        same = before == now
        yield Row(f"made again {name}", "the same bytes" if same else "others", "the same", same)
    moved = "the same bytes" if alone[0] == group[0][:1] else "others in the last bits"
    yield Row("together as alone", moved)


def verifying(bench: Bench) -> Iterator[Row]:
    """Captures made on a processor and verified on this device: the study model's that are kept.

    Random networks hardly heed words, so of them float32 alone is near enough to be compared.
    """
    if not bench.scale.small:
        models = {model.id: model for model in inputs.read(ROOT).models}
        prompts = [each for each in inputs.read(ROOT).prompts if each.model == "study"][:2]
        for name in ("float32", "float16"):
            pipe_of = weights.opener(ROOT, weights.Choice(device=bench.device, dtype=name))
            kept = [(prompt, models[prompt.model]) for prompt in prompts]
            yield _verified(ROOT, kept, pipe_of, f"verify on {bench.device}, {name}")
        return
    jobs = [(prompt, MODEL) for prompt in TINY.prompts(2)]
    pipes = [pipeline(TINY, device, torch.float32) for device in ("cpu", bench.device)]
    with tempfile.TemporaryDirectory(prefix="gpu-") as folder:
        batch.capture_all(Path(folder), jobs, lambda model: pipes[0], lambda event: None)
        what = f"verify on {bench.device}, float32"
        yield _verified(Path(folder), jobs, lambda model: pipes[1], what)


def _verified(root: Path, jobs: list[making.Job], pipe_of: weights.PipeOf, what: str) -> Row:
    seen: list[verify.Difference] = []
    with suppress(NotReproduced):  # told by what was seen
        verify.verify(root, jobs, pipe_of, seen.append)
    mean, curve = (max(getattr(each, name) for each in seen) for name in ("mean", "curve"))
    kept = not any(each.wrong for each in seen)
    found = f"{mean:.3f} of 255, curves {curve:.2%}"
    return Row(what, found, f"<= {verify.MEAN_APART:g}, {verify.CURVE_APART:.0%}", kept)


def _title(bench: Bench, dtype: torch.dtype) -> str:
    """The card's name, what runs on it, and the heads of the columns."""
    name = torch.cuda.get_device_name(bench.device) if bench.gpu else bench.device
    size = f"{bench.scale.side} x {bench.scale.side}, {bench.scale.steps} steps"
    parameters = sum(
        p.numel()
        for part in (bench.pipe.unet, bench.pipe.vae, bench.pipe.text_encoder)
        for p in part.parameters()
    )
    about = (
        f"{name}: {parameters:,} random parameters in {dtype}, {size}, torch {torch.__version__}"
    )
    return f"{about}\n\n{'':{WIDE}}{'measured':38}{'promised':12}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="small networks, on any device")
    parser.add_argument("--device", help="as of gen capture; CUDA if there is one")
    parser.add_argument("--minutes", type=float, default=8, help="a part is stopped when over")
    return parser.parse_args()


MEASURES = (
    *(counting, watching, encoding, batching, again),
    *(verifying, memory, waiting, compiled, pair),
)

if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as error:  # no such device, no vocabulary
        sys.exit(str(error))
