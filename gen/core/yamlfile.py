"""YAML that people write: read strictly; every error of a file at once, a line each."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from gen.core.errors import BadInput

Shape = TypeVar("Shape")
PREFIX = re.compile(r"^(Value error, |\w+ should (be|have) )")  # before what pydantic wants
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is ten times as quick


class Schema(BaseModel):
    """What a person wrote: nothing is guessed, converted or ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Loader(_Safe):  # type: ignore[misc]  # which of two it is shows as it runs
    """A safe loader that refuses a key given twice, which YAML's own would let the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[object] = []  # a key may be a list, which YAML's own refuses below
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.MarkedYAMLError(problem=f"line {line}: {key!r} is given twice")
            seen.append(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def load(path: Path, place: str) -> object:
    """What a file says; `place` is what errors call it. Raises BadInput."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise BadInput(f"{place}: cannot be read ({error.strerror}); restore it from git") from None
    except UnicodeDecodeError:
        raise BadInput(f"{place}: is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise BadInput(f"{place}: not YAML: {reason}; correct it there") from None


def checked(place: str, shape: type[Shape], value: object) -> Shape:
    """A value as its shape, a Schema or any type that pydantic knows. Raises BadInput."""
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as errors:
        raise BadInput("\n".join(_lines(place, errors))) from None


def read(path: Path, place: str, shape: type[Shape]) -> Shape:
    """A file, checked against its shape. Raises BadInput, one line per error."""
    return checked(place, shape, load(path, place))


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one; None where none is like it."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def nearest(name: str, known: Iterable[str]) -> str:
    """A "did you mean" for a name that is not among the known ones, or what these are."""
    names = sorted(known)
    close = closest(name, names)
    return f"did you mean {close}?" if close else f"known are: {', '.join(names)}"


def _lines(place: str, errors: ValidationError) -> Iterator[str]:
    """One line per error: the place, the value, the next move."""
    joint = " > " if ": " in place else ": "
    for error in errors.errors(include_url=False):
        keys = " > ".join(str(part) for part in error["loc"] if part != "[key]")
        where = joint + keys if keys else ""
        if error["type"] == "missing":
            yield f"{place}{where}: is missing; add it"
        elif error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            yield f"{place}{where}: unknown key; remove it or correct its name"
        elif error["type"] == "string_pattern_mismatch" and error["loc"][-1:] == ("[key]",):
            value = error["input"]
            yield f"{place}{where}: an id has a-z, 0-9 and single hyphens; rename {value!r}"
        else:
            wanted = PREFIX.sub("", error["msg"])
            yield f"{place}{where}: {_short(error['input'])}: give {wanted}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
