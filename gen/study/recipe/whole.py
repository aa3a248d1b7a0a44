"""sources/study.yml -> the recipe of renders, captions, trainings, judges and score."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gen.core import yamlfile
from gen.core.errors import BadInput
from gen.core.yaml_lines import lines_told
from gen.study.recipe.checks import check
from gen.study.recipe.render import RenderRecipe
from gen.study.recipe.stages import STAGES
from gen.study.recipe.train import JudgesRecipe, ScoreRecipe, TrainRecipe

SECTIONS = {"render", "captions", "train", "judges", "score"}


@dataclass(frozen=True)
class Recipe:
    """All of it, checked."""

    render: RenderRecipe
    train: TrainRecipe
    judges: JudgesRecipe
    score: ScoreRecipe

    def with_batch(self, stage: str, count: int | None) -> "Recipe":
        """The same with another number of pictures a step of a stage; None changes nothing."""
        if count is None:
            return self
        section = STAGES[stage]
        other = getattr(self.train, section).model_copy(update={"batch": count})
        return replace(self, train=self.train.model_copy(update={section: other}))

    def as_json(self) -> dict[str, Any]:
        """What decides a trained model, as its folder keeps it."""
        return {"render": asdict(self.render), "train": self.train.model_dump()}


def read_recipe(path: Path) -> Recipe:
    """sources/study.yml, read once and checked whole. Raises BadInput, one line per error."""
    with lines_told(path.parent.parent):
        return _read(path)


def _read(path: Path) -> Recipe:
    place = f"sources/{path.name}"
    sections = _sections(place, yamlfile.load(path, place))
    section = {**sections["render"], "captions": sections["captions"]}
    recipe = Recipe(
        yamlfile.checked(f"{place}: render", RenderRecipe, section),
        yamlfile.checked(f"{place}: train", TrainRecipe, sections["train"]),
        yamlfile.checked(f"{place}: judges", JudgesRecipe, sections["judges"]),
        yamlfile.checked(f"{place}: score", ScoreRecipe, sections["score"]),
    )
    check(recipe.render, recipe.train, recipe.score, place)
    return recipe


def _sections(place: str, value: object) -> dict[str, dict[str, Any]]:
    """Every section, each a mapping."""
    sections = yamlfile.checked(place, dict[str, dict[str, Any]], value)
    for name in sorted(SECTIONS - set(sections)):
        raise BadInput(f"{place}: {name}: is missing; add it")
    for name in sorted(set(sections) - SECTIONS):
        raise BadInput(f"{place}: {name}: unknown key; {yamlfile.nearest(name, SECTIONS)}")
    return sections
