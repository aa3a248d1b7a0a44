"""`gen status` with ten thousand prompts: python benchmarks/status.py [IDEAS]

Prints seconds and megabytes, and exits 1 where it takes longer than promised.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROMISE = 5.0  # seconds, on two cores


def project(folder: Path, ideas: int) -> None:
    """This repository's sources with so many ideas, each worded for the study model."""
    sources = folder / "sources"
    sources.mkdir()
    for path in (ROOT / "sources").glob("*.yml"):
        (sources / path.name).write_bytes(path.read_bytes())
    shutil.copytree(ROOT / "sources" / "shapes", sources / "shapes")
    lines = ["ideas:"]
    for number in range(ideas):
        lines += [
            f"  idea-{number}:",
            f"    title: Idea {number}",
            "    look: Look.",
            "    seed: 1",
        ]
        lines += [f"    words: {{study: a chrome car number {number}}}"]
    (sources / "prompts.yml").write_text("\n".join([*lines, "comparisons: {}", ""]), "utf-8")
    (folder / "docs").symlink_to(ROOT / "docs")


def main() -> int:
    ideas = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        project(Path(name), ideas)
        begun = time.perf_counter()
        command = [sys.executable, "-m", "gen", "status"]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, cwd=name, env=environment, capture_output=True, text=True)
        took = time.perf_counter() - begun
    listed = sum(line.startswith("idea-") for line in done.stdout.splitlines())
    assert listed == ideas, done.stderr
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{ideas} prompts: {took:.1f} s, {peak:.0f} MB; promised {PROMISE:.0f} s for 10,000")
    return int(took > PROMISE)


if __name__ == "__main__":
    sys.exit(main())
