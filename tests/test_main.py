"""The commands: exit codes, one line on stderr, results on stdout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gen.__main__ import run
from gen.core import inputs, store

ROOT = Path(__file__).parents[1]


def gen(*words: str, root: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "gen", *words],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_status_for_programs():
    made = gen("status", "--json")
    assert made.returncode == 0
    found = json.loads(made.stdout)
    given = inputs.read(ROOT)
    assert [row["id"] for row in found["prompts"]] == [prompt.id for prompt in given.prompts]
    assert {row["state"] for row in found["prompts"] if row["required"]} == {"fresh"}


def test_status_is_1_where_a_capture_is_missing_and_0_where_one_is_too_many(tmp_path):
    (tmp_path / "sources").symlink_to(ROOT / "sources")
    missing = gen("status", root=tmp_path)
    assert missing.returncode == 1
    assert missing.stdout.splitlines()[0].split()[:3] == ["chrome-desert", "study", "missing"]
    shutil.copytree(ROOT / store.CAPTURES, tmp_path / store.CAPTURES)
    key = store.keys(tmp_path)[0]
    shutil.copytree(store.folder(tmp_path, key), store.folder(tmp_path, "0" * 16))
    orphaned = gen("status", root=tmp_path)
    assert orphaned.returncode == 0
    assert orphaned.stdout.splitlines()[-1].split() == ["-", "-", "orphan", "0" * 16]


def test_status_works_below_the_project_and_never_imports_torch():
    code = "import sys; sys.modules['torch'] = None; from gen.__main__ import run; run()"
    made = subprocess.run(
        [sys.executable, "-c", code, "status"], cwd=ROOT / "docs", capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    assert "chrome-studio" in made.stdout


@pytest.mark.parametrize(
    ("words", "lacks", "makes"),
    [
        (("capture",), "torch", "make generate"),
        (("verify",), "torch", "make generate"),
        (("pick", "a car"), "torch", "make generate"),
        (("measure",), "matplotlib", "make train"),
        (("study", "render", "0", "1"), "mitsuba", "make train"),
    ],
)
def test_what_is_not_installed_is_named_with_what_installs_it(words, lacks, makes):
    """As on a machine after `make site`: no advice leads to a traceback."""
    code = f"import sys; sys.modules[{lacks!r}] = None; from gen.__main__ import run; run()"
    made = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 1
    assert made.stderr.endswith(f"{lacks} is not installed; run {makes}\n")
    assert "Traceback" not in made.stderr


WRONG = [
    (
        ("capture", "chrome-studo"),
        1,
        "chrome-studo: no prompt of that id; did you mean chrome-studio?",
    ),
    (("capture", "seed"), 1, "no prompt of that id; of its comparison there are seed-1, seed-2, "),
    (("verify", "seed-99"), 1, "no prompt of that id; of its comparison there are seed-1, seed-2"),
    (("capture", "--model", "sd15", "seed-4"), 1, "it is asked of study alone: give --model study"),
    (("capture", "--model", "stdy"), 1, "--model: no model stdy; did you mean study?"),
    (("capture", "--weights", "x.safetensors"), 1, "for which model? add --model ID"),
    (("capture", "--model", "epicrealism", "--weights", "no.ckpt", "gold-city"), 1, "no.ckpt"),
    (("capture", "--model", "sd15", "gold-city"), 1, "sd15"),
    (("capture", "--vae", "x.safetensors"), 1, "for which model? add --model ID"),
    (("doctor", "--model", "stdy"), 1, "--model: no model stdy; did you mean study?"),
    (("capture", "--force", "--device", "tpu"), 1, "--device tpu: no such device; known are cpu"),
    (("capture", "--dtype", "float8"), 2, "--dtype"),
    (("pick", "a (chrome:1.2) car"), 1, "PROMPT: 'a (chrome:1.2) car': give other words in place"),
    (("check", "--clone", "/nonexistent"), 1, "has no commit"),
    (("capture", "--threads", "0"), 2, "--threads"),
    (("paint",), 2, "No such command"),
]


@pytest.mark.parametrize(("words", "code", "says"), WRONG)
def test_what_is_wrong_is_said_on_stderr(words, code, says, monkeypatch, capfd):
    """In this process, since libraries take seconds to import in another."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["gen", *words])
    monkeypatch.setattr(os, "environ", os.environ.copy())  # `run` adds to it
    with pytest.raises(SystemExit) as ended:
        run()
    stdout, stderr = capfd.readouterr()
    assert ended.value.code == code
    assert says in stderr
    assert stdout == ""
    if code == 1:
        assert len(stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("words", [("status",), ("status", "--json"), ("--help",)])
def test_results_that_cannot_be_written_are_told_in_a_line(words, buffered):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no full device")
    with full.open("w") as stdout:
        made = subprocess.run(
            [sys.executable, "-m", "gen", *words],
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": buffered},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
        )
    assert made.returncode == 1
    why = "No space left on device; free some space, or name another place"
    assert made.stderr == f"stdout: cannot be written: {why}\n"


def test_whoever_reads_no_further_is_told_nothing():
    reading, writing = os.pipe()
    os.close(reading)
    made = subprocess.run(
        [sys.executable, "-m", "gen", "status"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=300,
    )
    os.close(writing)
    assert (made.returncode, made.stderr) == (1, b"")


def test_libraries_print_nothing_of_their_own(tmp_path):
    """As they are imported they warn of what they lack."""
    pytest.importorskip("accelerate", reason="needs the train install")
    made = gen("study", "judge", "judging", XDG_CACHE_HOME=str(tmp_path))
    assert made.returncode == 1
    assert len(made.stderr.splitlines()) == 1, made.stderr


def test_a_dry_run_says_what_is_to_be_made_and_makes_nothing():
    pytest.importorskip("torch", reason="needs the generate install")
    made = gen("capture", "--dry-run", "chrome-studio")
    assert made.returncode == 0
    versions, *_, disk, last = made.stdout.splitlines()
    assert versions.startswith("versions: python ")
    assert disk.endswith("free for docs/captures")
    assert last == "1 fresh; nothing to make"


def test_outside_a_project(tmp_path):
    made = gen("status", root=tmp_path)
    assert made.returncode == 1
    assert "run this in the project's folder" in made.stderr


def test_prune_lists_and_removes_what_nothing_asks_for(tmp_path):
    (tmp_path / "sources").symlink_to(ROOT / "sources")
    given = inputs.read(ROOT)
    wanted = next(given.key(prompt) for prompt in given.prompts)
    for key in (wanted, "0" * 16):
        source = store.folder(ROOT, wanted)
        folder = store.folder(tmp_path, key)
        folder.mkdir(parents=True)
        for path in source.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
    assert gen("prune", root=tmp_path).returncode == 130  # asked, and nobody answers
    assert "0" * 16 in store.keys(tmp_path)
    made = gen("prune", "--yes", root=tmp_path)
    assert made.stdout.split() == ["-", "-", "orphan", "0" * 16]  # it does not tell what for
    assert store.keys(tmp_path) == (wanted,)
