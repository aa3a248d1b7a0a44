"""What is fresh, stale, missing or orphaned: every prompt x model against the store."""

from dataclasses import dataclass
from pathlib import Path

from gen.core import store
from gen.core.errors import BrokenRecord
from gen.core.sources import Inputs, Prompt


@dataclass(frozen=True)
class PromptState:
    """One prompt and the state of its capture."""

    prompt: Prompt
    key: str | None
    state: str  # fresh | stale | missing | broken | unpinned
    required: bool

    @property
    def wrong(self) -> bool:
        """Whether the site cannot be built like this."""
        return self.required and self.state != "fresh"


@dataclass(frozen=True)
class Status:
    """The state of every prompt, and the kept captures that no prompt asks for."""

    prompts: tuple[PromptState, ...]
    orphans: tuple[str, ...]

    @property
    def wrong(self) -> bool:
        """Whether something required is not fresh."""
        return any(state.wrong for state in self.prompts)


def status(root: Path, inputs: Inputs) -> Status:
    """Reads every kept capture once; never a model's weights."""
    kept = {key: _asked(root, key) for key in store.keys(root)}
    states = tuple(_state(inputs, prompt, kept) for prompt in inputs.prompts)
    return Status(states, orphans(root, inputs))


def orphans(root: Path, inputs: Inputs) -> tuple[str, ...]:
    """The names of kept captures and models' colours that nothing asks for, sorted."""
    wanted = {inputs.key(prompt) for prompt in inputs.prompts}
    colours = {f"model-{store.model_key(model)[:16]}" for model in inputs.models if model.revision}
    kept = (*store.keys(root), *store.model_keys(root))
    return tuple(name for name in kept if name not in wanted | colours)


def _asked(root: Path, key: str) -> tuple[str, str] | None:
    """Which prompt a kept capture was made for, or None if the capture is broken."""
    try:
        capture = store.read(root, key)
    except BrokenRecord:
        return None
    return capture.prompt.id, capture.model.id


def _state(inputs: Inputs, prompt: Prompt, kept: dict[str, tuple[str, str] | None]) -> PromptState:
    key = inputs.key(prompt)
    required = inputs.model(prompt.model).required
    if key is None:
        state = "unpinned"
    elif key in kept:
        state = "broken" if kept[key] is None else "fresh"
    else:
        state = "stale" if (prompt.id, prompt.model) in kept.values() else "missing"
    return PromptState(prompt, key, state, required)
