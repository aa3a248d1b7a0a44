"""What is fresh, stale, missing or orphaned: every prompt x model against the store."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gen.core import store
from gen.core.checked import fresh
from gen.core.errors import BrokenRecord
from gen.core.measured import captures_key, is_of
from gen.core.records import Capture
from gen.core.sources import STUDY, Inputs, Prompt

Origin = tuple[str, str]  # ids of a prompt and of its model
COLOURS = "latent colours"  # in place of a prompt: no id has a space
UNKNOWN = "-"  # a model of which nothing else is kept


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
    """The state of every prompt, and what lies in the store that nothing asks for."""

    prompts: tuple[PromptState, ...]
    orphans: tuple[str, ...]
    origins: tuple[Origin | None, ...]  # of the orphans: what they were made for, if they tell
    measured: tuple[str, ...] = ()  # ids of measurements made of other captures or weights

    @property
    def wrong(self) -> bool:
        """Whether something required is not fresh."""
        return any(state.wrong for state in self.prompts)


def status(root: Path, inputs: Inputs) -> Status:
    """Looks through every capture of the store once; never opens a model's weights."""
    names, kept = orphans(root, inputs), set(store.keys(root))
    left = {name: _capture(root, name) for name in names if name in kept}
    origins = tuple(_origins(names, left))
    whole = {key: fresh(root, key) for key in kept.difference(names)}
    made = _made_before(inputs, [capture.prompt for capture in left.values() if capture])
    states = tuple(_state(inputs, prompt, whole, made) for prompt in inputs.prompts)
    sound = captures_key(key for key, is_fresh in whole.items() if is_fresh)
    return Status(states, names, origins, tuple(_measured_of_others(root, inputs, sound)))


def measured_of_others(root: Path, inputs: Inputs, sound: Collection[str]) -> tuple[str, ...]:
    """The `measured` of a status, for whom keys are known to be `sound`: these are not read."""
    asked = {inputs.key(prompt) for prompt in inputs.prompts}
    kept = asked.intersection(store.keys(root))
    whole = (key for key in kept if key is not None and (key in sound or fresh(root, key)))
    return tuple(_measured_of_others(root, inputs, captures_key(whole)))


def _measured_of_others(root: Path, inputs: Inputs, captures: str) -> Iterator[str]:
    """Measurements of other captures than those of this key, or of weights that are not pinned."""
    pinned = {model.id: model.revision for model in inputs.models}.get(STUDY)
    for id in store.measured(root):
        try:
            made_of = dict(store.read_measurement(root, id).inputs)
        except BrokenRecord:
            continue  # the build names it
        others = made_of.get("captures", captures) != captures
        if others or ("model" in made_of and not is_of(made_of["model"], pinned)):
            yield id


def orphans(root: Path, inputs: Inputs) -> tuple[str, ...]:
    """The names of captures, then of models' colours, that nothing asks for: each group sorted."""
    wanted = {inputs.key(prompt) for prompt in inputs.prompts}
    pinned = (model for model in inputs.models if model.revision)
    wanted |= {store.model_id(store.model_key(model)) for model in pinned}
    stored = (*store.keys(root), *store.model_keys(root))
    return tuple(name for name in stored if name not in wanted)


def _origins(names: tuple[str, ...], left: Mapping[str, Capture | None]) -> Iterator[Origin | None]:
    """What orphans were made for, None for a capture that is broken.

    Latent colours do not tell of what model they are: an orphaned capture of it does.
    """
    models: dict[str, str] = {}  # by the name of its colours
    for name in names:  # captures, then colours
        if name not in left:
            yield COLOURS, models.get(name, UNKNOWN)
        elif (capture := left[name]) is None:
            yield None
        else:
            yield capture.prompt.id, capture.model.id
            models[store.model_id(store.model_key(capture.model))] = capture.model.id


def _made_before(inputs: Inputs, left: Sequence[Prompt]) -> set[str | None]:
    """Keys of which an orphan is an older version: of the same id, or equal but for the words.

    A capture that several prompts share names one of them.
    """
    known = {(prompt.id, prompt.model) for prompt in left} | {_unworded(p) for p in left}
    return {
        inputs.key(prompt)
        for prompt in inputs.prompts
        if (prompt.id, prompt.model) in known or _unworded(prompt) in known
    }


def _unworded(prompt: Prompt) -> Prompt:
    return replace(prompt, id="", text="", negative="")


def _capture(root: Path, key: str) -> Capture | None:
    try:
        return store.read(root, key)
    except BrokenRecord:
        return None


def _state(
    inputs: Inputs, prompt: Prompt, whole: dict[str, bool], made_before: set[str | None]
) -> PromptState:
    """The state of a prompt; of `made_before` an orphan is an older version."""
    key = inputs.key(prompt)
    required = inputs.model(prompt.model).required
    if key is None:
        state = "unpinned"
    elif key in whole:
        state = "fresh" if whole[key] else "broken"
    else:
        state = "stale" if key in made_before else "missing"
    return PromptState(prompt, key, state, required)
