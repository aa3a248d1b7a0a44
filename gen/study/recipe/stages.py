"""What is trained: the study model's stages in their order, and its sets of judges."""

from typing import Literal

AUTOENCODER, PIPELINE, DECODER, UNCRITICIZED = "autoencoder", "pipeline", "decoder", "uncriticized"
STAGES = {  # and the section of the recipe's `train` that each learns by
    AUTOENCODER: "autoencoder",
    PIPELINE: "diffusion",
    DECODER: "decoder",
    UNCRITICIZED: "decoder",
}
# Tries are picked by the first, judged by the second; the third, its control, learned from renders
# that the painter never saw.
Which = Literal["choosing", "judging", "apart"]
