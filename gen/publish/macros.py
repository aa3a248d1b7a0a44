"""The registry of macros: what prose and page templates may call, by name."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from gen.core.errors import BadProse
from gen.publish.draft import Draft

Macro = TypeVar("Macro", bound=Callable[..., Any])
PROSE: dict[str, Callable[..., Any]] = {}
TEMPLATES: dict[str, Callable[..., Any]] = {}


class Mark(partial[Any]):
    """A macro, bound to a page: called by its brackets, and no text without them."""

    def __str__(self) -> str:
        name = self.func.__name__
        raise BadProse(f"{name}: is a mark without its brackets; write {name}(…)")


def macro(function: Macro) -> Macro:
    """Registers a function of a draft under its name, for prose and page templates alike."""
    PROSE[function.__name__] = function
    return function


def template_macro(function: Macro) -> Macro:
    """Registers a function of a draft under its name, for page templates alone."""
    TEMPLATES[function.__name__] = function
    return function


def bound(draft: Draft, ours: bool) -> dict[str, Any]:
    """What a page's text may name: the macros, bound to it; `ours` is a page template."""
    macros = PROSE | TEMPLATES if ours else PROSE
    names = {name: Mark(function, draft) for name, function in macros.items()}
    return names | {"up": draft.up}
