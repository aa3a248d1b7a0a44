"""Pictures whose prompts name no world: the hard case for whether body and background agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # it knows all that measurements are made from
    from gen.measure.kit.project import Project
    from gen.study.scoring.prompts import Sample

FINISH = "mirror"


@dataclass(frozen=True)
class Unnamed:
    """N samples that name no world, N prompts and noises, and N pictures of them."""

    samples: Sequence[Sample]
    prompts: list[str]
    seeds: list[int]
    pictures: np.ndarray  # (N, H, W, 3) uint8

    def again(self) -> Unnamed:
        """The later half, from other noise."""
        at = len(self.seeds) // 2
        return Unnamed(self.samples[at:], self.prompts[at:], self.seeds[at:], self.pictures[at:])


def mirrors(project: Project) -> Unnamed:
    """The samples that ask for a mirror and name no world, and each once more from other noise."""
    few = [s for s in project.samples.entries if _asks(s)]
    again = [s.seed + 1 for s in few]
    prompts, scale = [s.prompt for s in few], project.recipe.score.guidance_scale
    first = project.samples.pictures[[s.index for s in few]]
    more = project.generated("unnamed", prompts, again, scale)
    seeds = [*(s.seed for s in few), *again]
    return Unnamed([*few, *few], prompts * 2, seeds, np.concatenate([first, more]))


def _asks(sample: Sample) -> bool:
    return "world" not in sample.named and sample.scene.material.finish == FINISH
