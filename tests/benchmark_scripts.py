"""benchmarks/: a script as a module, for what it knows."""

import importlib
from pathlib import Path
from types import ModuleType

from pytest import MonkeyPatch

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def module(monkeypatch: MonkeyPatch, name: str) -> ModuleType:
    """The script of this name, beside those that it imports."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module(name)
