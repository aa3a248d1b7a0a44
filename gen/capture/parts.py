"""The parts of a pipeline, down to one attention block: what each took, gave and cost. Looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, ValuesView
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from torch import Tensor, nn

from gen.core.records import Part
from gen.core.sources import Prompt

if TYPE_CHECKING:  # see weights.py
    from diffusers import StableDiffusionPipeline

WHOLE = {  # parts that are shown closed: what is inside them is arithmetic, not structure
    "Attention",
    "CLIPAttention",
    "CLIPMLP",
    "CLIPTextEmbeddings",
    "Downsample2D",
    "FeedForward",
    "ResnetBlock2D",
    "TimestepEmbedding",
    "Upsample2D",
}


@dataclass
class Ran:
    """What one part did while it was watched."""

    takes: tuple[tuple[int, ...], ...]  # shapes at its first call
    gives: tuple[tuple[int, ...], ...] = ()
    runs: int = 0
    flops: int = 0  # of all its calls together


@contextmanager
def watch(
    pipe: StableDiffusionPipeline, flops: Callable[[], int] = lambda: 0
) -> Iterator[dict[str, Ran]]:
    """What each part does, by its dotted name, in the order of their first calls; always lets go.

    `flops` tells the operations counted so far, if someone counts them.
    """
    seen: dict[str, Ran] = {}
    hooks = []
    for name, _, module in _blocks(pipe):
        begin, end = (partial(hook, seen, name, flops) for hook in (_begin, _end))
        hooks += [
            module.register_forward_pre_hook(begin, with_kwargs=True),
            module.register_forward_hook(end),
        ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def tree(pipe: StableDiffusionPipeline, prompt: Prompt, seen: dict[str, Ran]) -> tuple[Part, ...]:
    """The tree of all that runs for one picture, each part before its blocks, in their order.

    `seen` is what `watch` saw of one call of each network, given what it is given for one prompt.
    """
    seen = _with_vae(seen)
    calls = {"text_encoder": 1 + (prompt.guidance_scale > 1), "unet": prompt.evaluations, "vae": 1}
    seen = {name: _times(calls[name.split(".")[0]], ran) for name, ran in seen.items()}
    total = sum(seen[root].flops for root in calls)
    known = {name: (parent, module) for name, parent, module in _blocks(pipe)}
    modules = [_part(name, *known[name], ran, ran.flops / total) for name, ran in seen.items()]
    at = [part.name for part in modules].index("vae")
    tokenizer, scheduler = _bare_parts(pipe, prompt, seen)
    return (tokenizer, *modules[:at], scheduler, *modules[at:])


def _times(calls: int, ran: Ran) -> Ran:
    return replace(ran, runs=ran.runs * calls, flops=ran.flops * calls)


def _part(name: str, parent: str | None, module: nn.Module, ran: Ran, share: float) -> Part:
    weights = sum(p.numel() for p in module.parameters())
    kind, share = type(module).__name__, float(f"{share:.6g}")
    return Part(name, parent, kind, weights, ran.takes, ran.gives, ran.runs, share)


def _bare_parts(
    pipe: StableDiffusionPipeline, prompt: Prompt, seen: dict[str, Ran]
) -> tuple[Part, Part]:
    """Tokenizer and scheduler, which have no weights: one feeds a part that ran, one is fed."""
    text, unet = seen["text_encoder"], seen["unet"]
    latents = ((1, *unet.gives[0][1:]),)
    kind = type(pipe.tokenizer).__name__
    return (
        Part("tokenizer", None, kind, 0, (), text.takes[:1], text.runs, 0.0),
        Part("scheduler", None, prompt.scheduler, 0, latents, latents, unet.runs, 0.0),
    )


def _with_vae(seen: dict[str, Ran]) -> dict[str, Ran]:
    """The VAE is entered by decode, where no hook sees it: it did what its blocks did."""
    inside = {name: ran for name, ran in seen.items() if name.startswith("vae.")}
    flops = sum(ran.flops for name, ran in inside.items() if name.count(".") == 1)
    vae = replace(inside["vae.decoder"], flops=flops)
    return {name: ran for name, ran in seen.items() if name not in inside} | {"vae": vae} | inside


def _blocks(pipe: StableDiffusionPipeline) -> Iterator[tuple[str, str | None, nn.Module]]:
    """Every part with weights: its dotted name, the part it is in, and the module."""
    for root in ("text_encoder", "unet", "vae"):
        yield root, None, getattr(pipe, root)
        yield from _inside(root, root, getattr(pipe, root))


def _inside(name: str, parent: str, module: nn.Module) -> Iterator[tuple[str, str, nn.Module]]:
    """The parts inside a part, through lists, down to those that are shown closed."""
    for short, child in module.named_children():
        inner = f"{name}.{short}"
        if isinstance(child, nn.ModuleList):
            yield from _inside(inner, parent, child)
        elif isinstance(child, nn.Conv2d) or any(child.children()):
            yield inner, parent, child
            if type(child).__name__ not in WHOLE:
                yield from _inside(inner, inner, child)


def _begin(
    seen: dict[str, Ran], name: str, flops: Callable[[], int], module: object, *inputs: object
) -> None:
    ran = seen.setdefault(name, Ran(_shapes(inputs)))
    ran.flops -= flops()


def _end(
    seen: dict[str, Ran],
    name: str,
    flops: Callable[[], int],
    module: object,
    inputs: object,
    outputs: object,
) -> None:
    ran = seen[name]
    ran.gives = ran.gives or _shapes(outputs)
    ran.runs += 1
    ran.flops += flops()


def _shapes(value: object) -> tuple[tuple[int, ...], ...]:
    """The shapes of all tensors in what a module is given or gives; single numbers are left out."""
    if isinstance(value, Tensor):
        return (tuple(value.shape),) if value.ndim > 1 else ()
    inner = value.values() if isinstance(value, Mapping) else value
    values = inner if isinstance(inner, (tuple, list, ValuesView)) else ()
    return tuple(shape for one in values for shape in _shapes(one))
