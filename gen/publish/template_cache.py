"""Compiled templates that a build leaves for the next: to compile takes longer than to fill in."""

import os
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, pass_context
from jinja2.runtime import Context

FOLDER = Path(".cache", "templates")  # under a project's root
JINJA = version("jinja2")


def keep(jinja: Environment, root: Path) -> None:
    """Lets an environment find what it compiled in an earlier build, by name and by text.

    A project that may not be written compiles anew each time.
    """
    # By these the same text becomes other code.
    kind = ("sandboxed" if jinja.sandboxed else "plain") + ("-checked" if jinja.finalize else "")
    folder = root / FOLDER / f"{kind}-{JINJA}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    writable = os.access(folder, os.W_OK)
    jinja.bytecode_cache = FileSystemBytecodeCache(str(folder)) if writable else None


def at_render(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is called whenever a page is rendered.

    Of a constant, Jinja would else compile the result into the template, where it would outlive a
    change of the filter.
    """

    @pass_context
    def filtered(_: Context, *arguments: object) -> Any:
        return function(*arguments)

    return filtered
