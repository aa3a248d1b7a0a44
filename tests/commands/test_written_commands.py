"""Every command that README.md and CONTRIBUTING.md write down is one that `gen` understands."""

import re
import shlex
from pathlib import Path

import click
import pytest

from gen.__main__ import main

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"^(?:\S*/)?python -m gen ([a-z][^#`\n]*)", re.MULTILINE)
NUMBER = re.compile(r"\bN\b")  # stands for one that a reader puts there


def written() -> list[str]:
    texts = [(ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md")]
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


def test_there_are_many() -> None:
    assert len(written()) > 15
