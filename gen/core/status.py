"""What is fresh, stale, missing or orphaned: every prompt x model against the store."""

from dataclasses import dataclass
from pathlib import Path

from gen.core import store
from gen.core.errors import BrokenRecord
from gen.core.sources import Inputs, Prompt

Origin = tuple[str, str]  # ids of a prompt and of its model


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
    """The state of every prompt, and the captures in the store that no prompt names."""

    prompts: tuple[PromptState, ...]
    orphans: tuple[str, ...]
    origins: tuple[Origin | None, ...]  # of the orphans: what they were made for, if they tell

    @property
    def wrong(self) -> bool:
        """Whether something required is not fresh."""
        return any(state.wrong for state in self.prompts)


def status(root: Path, inputs: Inputs) -> Status:
    """Reads every capture of the store once; never a model's weights."""
    origins = {key: _origin(root, key) for key in store.keys(root)}
    states = tuple(_state(inputs, prompt, origins) for prompt in inputs.prompts)
    names = orphans(root, inputs)
    return Status(states, names, tuple(origins.get(name) for name in names))


def orphans(root: Path, inputs: Inputs) -> tuple[str, ...]:
    """The names of captures and of models' colours that nothing asks for: each group sorted."""
    wanted = {inputs.key(prompt) for prompt in inputs.prompts}
    pinned = (model for model in inputs.models if model.revision)
    wanted |= {store.model_id(store.model_key(model)) for model in pinned}
    stored = (*store.keys(root), *store.model_keys(root))
    return tuple(name for name in stored if name not in wanted)


def _origin(root: Path, key: str) -> Origin | None:
    """Which prompt a capture was made for, or None if the capture is broken."""
    try:
        capture = store.read(root, key)
    except BrokenRecord:
        return None
    return capture.prompt.id, capture.model.id


def _state(inputs: Inputs, prompt: Prompt, origins: dict[str, Origin | None]) -> PromptState:
    key = inputs.key(prompt)
    required = inputs.model(prompt.model).required
    if key is None:
        state = "unpinned"
    elif key in origins:
        state = "broken" if origins[key] is None else "fresh"
    else:
        state = "stale" if (prompt.id, prompt.model) in origins.values() else "missing"
    return PromptState(prompt, key, state, required)
