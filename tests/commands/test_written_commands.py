"""Every command that README, CONTRIBUTING and Reproduce write down is one that `gen` knows."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from gen.__main__ import main

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"^(?:\S*/)?python -m gen ([a-z][^#`\n]*)", re.MULTILINE)
REPRODUCE = "gen/publish/templates/reproduce.md.j2"
NUMBER = re.compile(r"\bN\b")  # stands for one that a reader puts there


def written() -> list[str]:
    texts = [
        (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", REPRODUCE)
    ]
    return [NUMBER.sub("7", line).strip() for text in texts for line in COMMAND.findall(text)]


@pytest.mark.parametrize("line", written())
def test_it_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as words go: names, options, choices and kinds of value; nothing runs."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)
    for name in [word for word in words if word.isupper()]:
        (tmp_path / name).mkdir(exist_ok=True)
    command: click.Command = main
    while isinstance(command, click.Group):
        name, *words = words
        assert name in command.commands, f"gen has no {name}"
        command = command.commands[name]
    command.make_context(command.name, words)


def test_what_the_page_prints_runs_as_printed_in_a_fresh_clone() -> None:
    """Each block begins with what installs for it; what is not on the PATH has its place."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / REPRODUCE).read_text("utf-8"), re.M | re.S)
    installed = {"verify": "make generate", "capture": "make generate", "study": "make train"}
    assert blocks
    for lines in (block.splitlines() for block in blocks):
        gen = [line.split(" -m gen ") for line in lines if not line.startswith("make ")]
        assert {program for program, _ in gen} == {".venv/bin/python"}
        first = installed.get(gen[0][1].split()[0])
        assert first is None or first in lines[: lines.index(" -m gen ".join(gen[0]))]


def test_one_number_of_renders_is_asked_for_and_holds_those_that_the_model_learned_from() -> None:
    told = {line.split()[-1] for line in written() if re.fullmatch(r"study render 0 \d+", line)}
    (count,) = told
    recipe = json.loads((ROOT / "sources/models/study/recipe.json").read_text("utf-8"))
    assert int(count) >= max(recipe[stage]["renders"]["count"] for stage in ("pipeline", "decoder"))


def test_there_are_many() -> None:
    assert len(written()) > 15


def made_by(command: click.Command, name: str) -> list[str]:
    """A command's name with each of the words that it chooses from, as `train pipeline`."""
    choices = [p.type.choices for p in command.params if isinstance(p.type, click.Choice)]
    return [f"{name} {choice}" for choice in choices[0]] if choices else [name]


def test_the_page_that_says_how_all_was_made_names_every_training_and_its_controls() -> None:
    study = main.commands["study"]
    assert isinstance(study, click.Group)
    aside = {"pack", "blind"}  # for a machine elsewhere, and for eyes
    told = (ROOT / REPRODUCE).read_text("utf-8")
    names = [each for name, c in study.commands.items() for each in made_by(c, name)]
    missing = [name for name in names if f"gen study {name}" not in told]
    assert not [name for name in missing if name not in aside], "Reproduce leaves these out"
    assert "gen study render 0 1000 --apart" in told
