"""What judges learn from a batch: their loss, a rare class counting for more."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gen.study.judging.judges import part_of
from gen.study.judging.networks import Jury
from gen.study.judging.readings import KINDS, Classes


def class_weights(labels: np.ndarray, known: Classes) -> dict[str, Tensor]:
    """So that a rare picture counts for more, though its class for less; mean 1, or 0 for none."""
    weights = {}
    for number, kind in enumerate(KINDS):
        counts = np.bincount(labels[:, number], minlength=len(getattr(known, kind)))
        rare = np.where(counts > 0, np.maximum(counts, 1) ** -0.5, 0)
        mean = (rare * counts).sum() / counts.sum()
        weights[kind] = torch.tensor(rare / mean, dtype=torch.float32)
    return weights


class Lesson(nn.Module):
    """A set of judges and its loss."""

    def __init__(self, jury: Jury, weights: dict[str, Tensor], mask_share: int):
        super().__init__()
        self.jury, self.mask_share = jury, mask_share
        for kind, weight in weights.items():
            self.register_buffer(f"{kind}_weight", weight)

    def forward(
        self,
        x: Tensor,
        cover: Tensor,
        body: Tensor,
        background: Tensor,
        labels: Tensor,
        sky: Tensor,
    ) -> Tensor:
        """The sum of what each network gets wrong: a scalar.

        x (N, 3, H, W); cover, body, background (N, 1, H, W); labels (N, 4); sky (N, 2).
        """
        few = slice(-(-len(x) // self.mask_share))  # by far the dearest of the four
        mask = F.binary_cross_entropy_with_logits(self.jury.mask(x[few]), cover[few])
        views = zip(self.jury.readers(), looks(x, body, background), strict=True)
        # a pixel's loss is some tenth of a picture's: the edges are few, and they matter
        return 10 * mask + sum(self._wrong(reader(seen), labels, sky) for reader, seen in views)

    def _wrong(self, answers: dict[str, Tensor], labels: Tensor, sky: Tensor) -> Tensor:
        there = ~sky[:, 0].isnan()
        angle = sky[:, 0].deg2rad().nan_to_num()
        sun = ((answers["sun"] - torch.stack([angle.cos(), angle.sin()], 1)) ** 2).sum(1)
        horizon = (answers["horizon"][:, 0] - sky[:, 1].nan_to_num()).abs()
        # a height counts tenfold: it varies by a tenth or two of the picture, a class by one
        loss = ((sun + 10 * horizon) * there).mean()
        for number, kind in enumerate(KINDS):
            if kind in answers:
                weight = getattr(self, f"{kind}_weight")
                loss = loss + F.cross_entropy(answers[kind], labels[:, number], weight)
        return loss


def looks(x: Tensor, body: Tensor, background: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What each reader sees: (N, 4, H, W)."""
    return torch.cat([x, body], dim=1), part_of(x, body), part_of(x, background)
