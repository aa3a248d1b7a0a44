"""Figures that are arithmetic on cited facts: DERIVED, by the name that prose asks for."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Derived:
    """A figure worked out from cited facts of the repository."""

    value: str
    says: str  # the sum, as a person would check it
    facts: tuple[str, ...]


def last_level() -> float:
    """What is left of the signal's variance at the noisiest of 1000 levels (cumulative alpha)."""
    first, last, levels = sqrt(0.00085), sqrt(0.0120), 1000  # v1-inference.yaml, util.py:22-25
    product = 1.0
    for level in range(levels):
        product *= 1 - (first + (last - first) * level / (levels - 1)) ** 2
    return product


PIXELS, LATENTS = 512 * 512 * 3, (512 // 8) * (512 // 8) * 4
DERIVED = {
    "pixel-values": Derived(f"{PIXELS:,}", "512 × 512 × 3", ("latent-size",)),
    "latent-values": Derived(f"{LATENTS:,}", "64 × 64 × 4", ("latent-size",)),
    "compression": Derived(
        str(PIXELS // LATENTS), "512 × 512 × 3 values over 64 × 64 × 4", ("latent-size",)
    ),
    "first-level": Derived(
        str((50 - 1) * (1000 // 50) + 1),
        "49 strides of 1000 / 50, plus 1",
        ("level-subset", "steps"),
    ),
    "prompted-weight": Derived("7.5", "the scale itself", ("guidance", "guidance-scale")),
    "unprompted-weight": Derived(f"{7.5 - 1}", "7.5 - 1", ("guidance", "guidance-scale")),
    "lineage-steps": Derived(
        f"{237 + 194 + 515 + 595:,}k",
        "237k + 194k + 515k + 595k",
        ("first-stage", "aesthetic-stage", "last-stage"),
    ),
    "signal-weight": Derived(
        f"{sqrt(last_level()):.3f}",
        "square root of the last cumulative alpha",
        ("noise-levels", "schedule-shape", "noising"),
    ),
    "noise-weight": Derived(
        f"{sqrt(1 - last_level()):.3f}",
        "square root of one less the last cumulative alpha",
        ("noise-levels", "schedule-shape", "noising"),
    ),
    "blocks": Derived(
        str(3 * 2 + 1 + 3 * 3),
        "two a level on three levels going down, one in the middle, three a level going up",
        ("unet-shape",),
    ),
}
