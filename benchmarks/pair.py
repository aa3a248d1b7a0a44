"""The same captures by one process and by two side by side, each with a GPU of its own.

    python -m torch.distributed.run --standalone --nproc_per_node 2 benchmarks/pair.py [--tiny]

Both processes load and warm up. Then the first makes all captures while the other waits, and both
share the same ones, in turns; the first says the seconds of each. A row of benchmarks/gpu.py.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import torch
from accelerate import PartialState
from random_models import FULL, TINY, Scale, pipeline
from sides import Bench, Row

from gen.capture import devices
from gen.capture.processes import Processes
from gen.capture.room import Room

QUICKER = 1.9  # times as quick with two processes, on two GPUs
WHAT = "two processes on two GPUs : one"


def pair(bench: Bench) -> Iterator[Row]:
    """Captures by two processes, each on its GPU, against one process."""
    count = torch.cuda.device_count() if bench.gpu else 0
    if count < 2:
        yield Row(WHAT, f"not measured: {count or 'no'} GPU")
        return
    torch.cuda.empty_cache()
    turns = launched(bench.scale, "cuda")
    ratio = statistics.median(one / two for one, two in turns)
    found = f"{ratio:.2f} x ({turns[-1][1]:.1f} s : {turns[-1][0]:.1f} s)"
    yield Row(WHAT, found, f">= {QUICKER} x", ratio >= QUICKER, True)


def launched(scale: Scale, device: str) -> list[tuple[float, float]]:
    """Seconds of one process and of two at all captures, in turns: as two processes found."""
    launch = ["torch.distributed.run", "--standalone", "--nproc_per_node", "2", __file__]
    command = [sys.executable, "-m", *launch, "--device", device, *["--tiny"] * scale.small]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _ = process.communicate()
        finally:
            process.terminate()  # torchrun then ends both, where they are not done by then
    if process.returncode:
        raise RuntimeError(f"two processes ended with exit code {process.returncode}")
    return [tuple(turn) for turn in json.loads(said.splitlines()[-1])]


def main() -> None:
    """One of the two."""
    given = _arguments()
    scale, device = TINY if given.tiny else FULL, given.device
    processes, state = Processes(), PartialState()
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
    bench = Bench(scale, device, pipeline(scale, device, devices.dtype(None, device)))
    prompts = scale.prompts(scale.many)
    mine, _ = processes.share(prompts)
    fits = Room(scale.many // 4, bench.room().pictures)  # so that each has two groups of its own
    bench.captures(mine, fits)  # warms up

    def seconds(work: Callable[[], object]) -> float:
        state.wait_for_everyone()
        began = time.perf_counter()
        work()
        bench.wait()
        state.wait_for_everyone()
        return time.perf_counter() - began

    turns = [
        (
            seconds(lambda: processes.first and bench.captures(prompts, fits)),
            seconds(lambda: bench.captures(mine, fits)),
        )
        for _ in range(scale.turns)
    ]
    if processes.first:
        print(json.dumps(turns), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="small networks")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
