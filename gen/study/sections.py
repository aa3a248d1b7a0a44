"""One section of sources/study.yml, checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from gen.core.errors import BadInput
from gen.core.inputs import Given

Section = TypeVar("Section", bound=Given)


def read_section(path: Path, name: str, kind: type[Section]) -> Section:
    """A section alone; a key that is left out has its default. Raises BadInput, a line per error.

    The whole section may be left out where every key has a default.
    """
    given = yaml.safe_load(path.read_text("utf-8")).get(name, {})
    try:
        return kind.model_validate(given)
    except ValidationError as errors:
        raise BadInput("\n".join(_lines(f"{path.name}: {name}", errors))) from None


def _lines(place: str, errors: ValidationError) -> Iterator[str]:
    for error in errors.errors(include_url=False):
        where = ".".join(map(str, error["loc"]))
        if error["type"] == "extra_forbidden":
            yield f"{place}.{where} is not known; remove it or correct its name"
        elif error["type"] == "missing":
            yield f"{place}.{where} is missing; add it"
        else:
            yield f"{place}.{where}: {error['input']!r}: {error['msg']}"
