"""A run: all that a stage has learned and how far it is; what a checkpoint holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from gen.core.errors import ModelError
from gen.study.recipe.train import Pace
from gen.study.training.checkpoint import CHECKPOINT, read_state, under, write_tensors
from gen.study.training.losses import rate_at

# what of a run a checkpoint holds beside tensors
REMEMBERED = ("step", "began", "seconds", "curve", "scores", "origin")


class Stage(Protocol):
    """What is trained, on which batches, and how good it is."""

    name: str
    source: dict  # which renders it learns from: their count and digest
    pace: Pace
    batch_size: int  # of each process
    shape: dict  # a checkpoint of another shape does not fit

    @property
    def model(self) -> nn.Module:
        """From a batch to its loss."""

    def load(self, folder: Path) -> None:
        """Begin with the weights of a pipeline's folder."""

    def batch(self, step: int, process: int, processes: int) -> tuple[Tensor, ...]:
        """What the model takes, on the CPU or on its device.

        What is drawn for it follows from the seed and these numbers alone.
        """

    def score(self) -> dict[str, float]:
        """How good the model is on what is held out."""

    def sheet(self) -> list[np.ndarray]:
        """Rows of pictures to look at, each (N, H, W, 3)."""


class Run:
    """A stage and its weights, their average, the optimizer; steps, seconds and scores so far."""

    def __init__(self, stage: Stage, power: float, precision: str = "float32"):
        self.stage, self.power, self.precision = stage, power, precision
        self.weights: dict[str, Tensor] = dict(stage.model.named_parameters())
        self.average = {name: w.detach().clone() for name, w in self.weights.items()}
        self.optimizer = torch.optim.AdamW(
            self.weights.values(),
            betas=(0.9, 0.99),  # a short memory: at most some ten thousand steps are affordable
            weight_decay=0.01,
        )
        self.step = self.began = 0
        self.seconds = 0.0  # of all sessions together
        self.curve: list[dict] = []
        self.scores: list[dict] = []
        self.origin: dict = {}  # the record of the model that a warm start began with

    def resume(self, place: Path) -> bool:
        """Go on from the checkpoint, if there is one. Raises ModelError for another shape."""
        path = place / CHECKPOINT
        if not path.exists():
            return False
        state = read_state(path)
        if state["shape"] != self.stage.shape:
            raise ModelError(
                f"{path}: has another shape than sources/study.yml asks for; restore the shape, or "
                "move the checkpoint's folder away to begin anew"
            )
        tensors = load_file(path)
        with torch.no_grad():
            _fill(self.weights, under(tensors, "weights"))
            _fill(self.average, under(tensors, "average"))
        self._remember(under(tensors, "optimizer"))
        for name in REMEMBERED:
            setattr(self, name, state[name])
        return True

    def begin(self, folder: Path, origin: dict) -> None:
        """Begin with a pipeline's weights; `origin` is what its folder says of its training."""
        self.stage.load(folder)
        self._average(decay=0)
        self.origin = origin
        for name, value in origin.get(self.stage.name, {}).items():
            if name in ("step", "seconds", "curve", "scores"):
                setattr(self, name, value)
        self.began = self.step

    def pace(self) -> None:
        """Set this step's learning rate."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.step, self.stage.pace, self.began)

    def advance(self) -> None:
        """Count a step that the optimizer has taken."""
        self.step += 1
        self._average(decay=(1 - 1 / self.step) ** (self.power + 1))

    def _average(self, decay: float) -> None:
        """The power-law average of Karras et al. 2024: its span grows with the number of steps."""
        with torch.no_grad():
            for name, weight in self.weights.items():
                self.average[name].lerp_(weight, 1 - decay)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The stage's network with its averaged weights, for a while."""
        with torch.no_grad():
            own = {name: w.detach().clone() for name, w in self.weights.items()}
            _fill(self.weights, self.average)
            try:
                yield
            finally:
                _fill(self.weights, own)

    def keep(self, place: Path) -> None:
        """Write the checkpoint in place of the last one."""
        tensors = {f"weights.{name}": w for name, w in self.weights.items()}
        tensors |= {f"average.{name}": w for name, w in self.average.items()}
        for number, moments in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": m for name, m in moments.items()}
        write_tensors(place / CHECKPOINT, tensors, self._state())

    def _state(self) -> dict:
        return {name: getattr(self, name) for name in REMEMBERED} | {
            "shape": self.stage.shape,
            "renders": self.stage.source,
            "precision": self.precision,
        }

    def _remember(self, moments: dict[str, Tensor]) -> None:
        """Give the optimizer its moments back, laid out in memory as the weights are."""
        state: dict[int, dict[str, Tensor]] = {}
        for name, value in moments.items():
            number, kind = name.split(".")
            like = list(self.weights.values())[int(number)]
            moment = value if kind == "step" else torch.empty_like(like).detach().copy_(value)
            state.setdefault(int(number), {})[kind] = moment
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": state, "param_groups": groups})


def _fill(into: dict[str, Tensor], values: dict[str, Tensor]) -> None:
    for name, tensor in into.items():
        tensor.copy_(values[name])
