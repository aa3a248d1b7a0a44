"""YAML that people write: read strictly; every error of a file at once, a line each."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from gen.core.errors import BadInput

Shape = TypeVar("Shape")
HIDDEN = ("Cc", "Cf", "Cn", "Cs")  # control, format, unassigned, half of a pair
VISIBLE = "\n\t\u200c\u200d"
PREFIX = re.compile(r"^(Value error, |\w+ should (be|have) )")  # before what pydantic wants
WANTED = {  # by the kind of pydantic's error, in words for those who write no programs
    "bool_type": "true or false",
    "dict_type": "names, each with its value",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "model_type": "names, each with its value",
    "string_type": "text, in quotation marks",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "tuple_type": "a list",
}
KINDS = ("[key]", "bool", "float", "int", "str", "constrained-int", "constrained-str")
DECIMAL = re.compile(r"[-+]?(0|[1-9]\d*)?(\.\d*)?([eE][-+]\d+)?|[-+]?\.inf|\.nan", re.I | re.A)
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's is quicker


def like(pattern: str, says: str) -> AfterValidator:
    """What a text must match as a whole, and what a person is told who gives another."""

    def matched(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(says)
        return text

    return AfterValidator(matched)


def visible(text: str) -> str:
    """A text in which everything can be seen. Raises ValueError for what hides, turns or breaks.

    Right-to-left letters turn by themselves, and emoji and Persian need joiners: these may stay.
    """
    for letter in text:
        if unicodedata.category(letter) in HIDDEN and letter not in VISIBLE:
            raise ValueError(f"text without the invisible letter U+{ord(letter):04X}")
    return text


class Schema(BaseModel):
    """What a person wrote: nothing is guessed, converted or ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Loader(SAFE):  # type: ignore[misc]  # which of two it is shows as it runs
    """A safe loader that refuses a key given twice, which YAML's own would let the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                break  # a list, which YAML's own refuses below
            if key in seen:
                says = f"{key!r} is given twice"
                raise yaml.MarkedYAMLError(problem=says, problem_mark=key_node.start_mark)
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


class _OtherNumber(yaml.MarkedYAMLError):
    """What YAML 1.1 takes for another number than a person reads: 0123 for 83, 1:30 for 90."""


def _number(loader: Any, node: yaml.ScalarNode) -> int | float:
    """A number as it is written: in decimal digits, without colons, underscores, leading noughts.

    One that is text stands in quotation marks, and does not come here.
    """
    if not DECIMAL.fullmatch(node.value):
        raise _OtherNumber(problem=_short(node.value), problem_mark=node.start_mark)
    kind = node.tag.rpartition(":")[2]
    number: int | float = getattr(loader, f"construct_yaml_{kind}")(node)
    return number


for _kind in ("int", "float"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _number)


def load(path: Path, place: str) -> object:
    """What a file says; `place` is what errors call it. Raises BadInput."""
    return load_text(read_text(path, place), place)


def read_text(path: Path, place: str) -> str:
    """A file that people wrote, with or without a byte order mark. Raises BadInput."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{place}: cannot be read ({error.strerror}); restore it from git") from None
    except UnicodeDecodeError:
        raise BadInput(f"{place}: is not UTF-8 text; save it as UTF-8") from None


def load_text(text: str, place: str, first: int = 1) -> object:
    """What a text says, whose own first line is the `first` of the place. Raises BadInput."""
    try:
        return yaml.load(text, Loader=_Loader)
    except _OtherNumber as error:
        raise BadInput(
            f"{place}{_mark(error, first)}: {error.problem} is no plain number; write it in "
            "decimal digits, as 83 or 0.5, or put it in quotation marks if it is text"
        ) from None
    except yaml.YAMLError as error:
        at, reason = _mark(error, first), " ".join(_problem(error, first).split())
        raise BadInput(f"{place}{at}: not YAML: {reason}; correct it there") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:100]  # of a value: 2026-13-45, 0x_, !!bool maybe
        raise BadInput(
            f"{place}: holds a value that YAML cannot read ({reason}); correct it"
        ) from None


def _mark(error: yaml.YAMLError, first: int) -> str:
    """The line that an error is about, after a colon."""
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + first}" if mark else ""


def _problem(error: yaml.YAMLError, first: int) -> str:
    """What is wrong, without the place, which is told already, but with that where it began."""
    context, problem = (getattr(error, name, None) for name in ("context", "problem"))
    began, at = (getattr(error, name, None) for name in ("context_mark", "problem_mark"))
    if context and began and at and began.line != at.line:
        context = f"{context} from line {began.line + first}"
    return ", ".join(filter(None, (context, problem))) or str(error)


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
    """One line per value that is wrong: the place, the value, the next move."""
    joint = " > " if ": " in place else ": "
    moves: dict[str, list[str]] = {}  # a value that may be of two kinds has an error for each
    for error in errors.errors(include_url=False):
        keys = " > ".join(_key(part) for part in error["loc"] if not _of_pydantic(part))
        told, move = _told(f"{place}{joint if keys else ''}{keys}", error)
        moves.setdefault(told, []).append(move)
    for told, several in moves.items():
        kinds = [move for move in dict.fromkeys(several) if move != WANTED["string_type"]]
        yield f"{told}{' or '.join(kinds or several)}"


def _told(where: str, error: Any) -> tuple[str, str]:
    """What is wrong there, and what to do about it."""
    if error["type"] == "missing":
        return f"{where}: is missing; ", "add it"
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{where}: unknown key; ", "remove it or correct its name"
    if error["type"] == "string_pattern_mismatch" and error["loc"][-1:] == ("[key]",):
        return f"{where}: an id has a-z, 0-9 and single hyphens; ", f"rename {error['input']!r}"
    wanted = WANTED.get(error["type"], PREFIX.sub("", error["msg"]))
    return f"{where}: {_short(error['input'])}: give ", wanted.format(**error.get("ctx", {}))


def _of_pydantic(part: object) -> bool:
    """Whether a part of a place is none that a person wrote: which kind of value was tried."""
    return part in KINDS or (isinstance(part, str) and part.startswith("function-"))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _key(part: object) -> str:
    """A key on one line: as it is where that is plain; an item by its number, from 1."""
    if isinstance(part, int):
        return str(part + 1)
    return str(part) if str(part).isprintable() else _short(part)
