"""The first samples, as many as a measurement looks at."""

from dataclasses import replace

from gen.core.errors import BadInput
from gen.study.scoring.samples import Request


def first(request: Request, count: int) -> Request:
    """The same for so many samples. Raises BadInput where the recipe asks for fewer."""
    if len(request.every) < count:
        score = request.score
        raise BadInput(
            f"sources/study.yml: score > ordinary: {score.ordinary}: with {score.held_out} held "
            f"out, {count} samples are needed here; give at least {count - score.held_out}"
        )
    return replace(request, count=count)
