"""What is trained: the study model's stages in their order, and its two sets of judges."""

from typing import Literal

AUTOENCODER, PIPELINE, DECODER, UNCRITICIZED = "autoencoder", "pipeline", "decoder", "uncriticized"
STAGES = {  # and the section of the recipe's `train` that each learns by
    AUTOENCODER: "autoencoder",
    PIPELINE: "diffusion",
    DECODER: "decoder",
    UNCRITICIZED: "decoder",
}
Which = Literal["choosing", "judging"]  # the set that tries are picked by, and the one that judges
