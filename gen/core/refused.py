"""What other tools know and this one refuses, each with its reason."""

import re
from functools import partial
from typing import Annotated

from pydantic import AfterValidator

SCHEDULERS = (
    "DDIMScheduler",
    "PNDMScheduler",
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
)
KARRAS = ("EulerDiscreteScheduler", "DPMSolverMultistepScheduler")  # that can space sigmas so
FRESH = "DDIMScheduler"  # the one that can be told how much of its noise to draw anew
TWICE = "it asks the U-Net twice a step, so a step has no one clean picture"
OWN_NOISE = "it draws its noise from a tree over time, which no seed alone gives again"
DISTILLED = "it is for distilled models, which Stable Diffusion 1.5 is not"
SAME = "it is another way to what DPM-Solver++ does"
CORRECTS = "it corrects a step once the next one is known"
EDM = "it is for models that are given noise as EDM scales it, which Stable Diffusion 1.5 is not"
OTHER_SCHEDULERS = {
    "HeunDiscreteScheduler": TWICE,
    "KDPM2DiscreteScheduler": TWICE,
    "KDPM2AncestralDiscreteScheduler": TWICE,
    "DPMSolverSDEScheduler": OWN_NOISE,
    "DPMSolverSinglestepScheduler": "its steps go in groups, and none alone has a clean picture",
    "UniPCMultistepScheduler": CORRECTS,
    "SASolverScheduler": CORRECTS,
    "DEISMultistepScheduler": SAME,
    "IPNDMScheduler": "its noise levels are its own, whatever those are that the model learned",
    "EDMEulerScheduler": EDM,
    "EDMDPMSolverMultistepScheduler": EDM,
    "LMSDiscreteScheduler": "it is an older way to what DPM-Solver++ does",
    "DDPMScheduler": "it is for as many steps as the model was trained on",
    "LCMScheduler": DISTILLED,
    "TCDScheduler": DISTILLED,
}
SYNTAX = (  # how other tools write it (full-width as well), what it is there, what to write here
    (
        r"<\s*(lora|lyco|hypernet|embedding)\s*:[^>]*>",
        "an addition to the weights",
        "its words alone",
    ),
    (
        r"[(\uff08][^()\uff08\uff09]*[:\uff1a]\s*[-+]?\d*[.\uff0e]?\d+\s*[)\uff09]",
        "a word with a weight",
        "other words",
    ),
    (
        r"\({2,}[^()]+\){2,}|\[{2,}[^\[\]]+\]{2,}|\uff08{2,}[^\uff08\uff09]+\uff09{2,}",
        "a word with a weight",
        "other words",
    ),
    (
        r"[-+]?\d*\.?\d+::[^:]*::|[^\s:]+::[-+]?[\d.]*|::[-+\w.]+",
        "a word with a weight",
        "other words",
    ),
    (r"\[[^\[\]|]*\|[^\[\]]*\]", "words that take turns", "one of them"),
    (r"\[[^\[\]:]*:[^\[\]:]*:?\s*\d*\.?\d+\s*\]", "words that change on the way", "one of them"),
    (
        r"(?m)^\s*Negative prompt:|\bSteps: \d+, ",
        "the beginning of other settings",
        "keys of their own",
    ),
    (r"\b(BREAK|AND)\b", "a prompt in parts", "one sentence"),
    (r"\{[^{}]*\|[^{}]*\}", "a choice by chance", "one of them"),
    (r"\{+[^{}]*[^\W\d][^{}]*\}+", "a word with a weight", "other words"),
    (r"\b__[\w/-]+__\b", "a choice by chance", "one of them"),
    (r"<[^<>\s/]{2,}>|\bembedding:\S+", "an addition to the weights", "its words alone"),
    (r"\w\)?(\++|-{2,})(?=[\s,.)]|$)", "a word with a weight", "other words"),
    (r"(?<!\])\([^()]*\)[\d.+-]*|\[(?!@)[^\[\]]*\](?!\()", "a word with a weight", "commas"),
    (r"\\[()\[\]]|\([^()]*$|^[^()]*\)", "a bracket of words with a weight", "plain words"),
    (
        r"\[[^\[\]]*$|^[^\[\]]*\]|\{+[^{}]*$|^[^{}]*\}+|<(lora|lyco|hypernet)\b",
        "half of such a bracket",
        "plain words",
    ),
)
MERGED = "a checkpoint that has it merged in: a capture is of one pipeline's own weights"
WORDED = "plain words in its place: a capture is of words that the tokenizer itself knows"


def scheduler(name: str) -> str:
    """A scheduler that is known. Raises ValueError with the reason why another one is not."""
    if name not in SCHEDULERS:
        reason = OTHER_SCHEDULERS.get(name, "it is not known here")
        raise ValueError(f"another scheduler, as {reason}; known are {', '.join(SCHEDULERS)}")
    return name


def plain_words(text: str) -> str:
    """A text without the syntax of other tools. Raises ValueError at what would be read as words.

    Each tool weighs words in arithmetic of its own, so no one of them would be honoured.
    """
    for pattern, what, instead in SYNTAX:
        if match := re.search(pattern, text):
            raise ValueError(
                f"{instead} in place of {match[0]!r}: elsewhere that is {what}, here it is letters"
            )
    return text


def _refuse(value: object, advice: str) -> object:
    raise ValueError(advice)


# keys that people try
Merged = Annotated[object, AfterValidator(partial(_refuse, advice=MERGED))]  # loras
Worded = Annotated[object, AfterValidator(partial(_refuse, advice=WORDED))]  # embeddings
