"""How the study model and its judges learn, and what is scored: the rest of sources/study.yml."""

from typing import Annotated, Literal

from pydantic import Field

from gen.core.yamlfile import Schema

FACTOR = 8  # pixels to a latent's side, as SD 1.5
SHARD = 50  # renders in one file: a minute's work, so that little is lost when a run stops
Of = Literal["body", "background"]  # parts of a picture that a judge may be shown

Whole = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Pace(Schema):
    """How fast to learn at a step: see `rate_at`."""

    rate: Positive
    warmup: Whole  # steps
    knee: Whole  # steps


class AutoencoderRecipe(Schema):
    """The autoencoder and how it is trained."""

    channels: Annotated[list[Whole], Field(min_length=4, max_length=4)]  # three halvings: factor 8
    layers: Whole
    groups: Whole
    crop: Annotated[int, Field(ge=FACTOR, multiple_of=FACTOR)]
    batch: Whole
    whole_every: Whole
    body: Share
    gradient: Annotated[float, Field(ge=0)]
    chroma: Annotated[float, Field(ge=0)]
    kl: Annotated[float, Field(ge=0)]
    pace: Pace


class TextRecipe(Schema):
    """The text encoder."""

    width: Whole
    layers: Whole
    heads: Whole


class UnetRecipe(Schema):
    """The U-Net."""

    channels: Annotated[list[Whole], Field(min_length=2)]
    attention: list[bool]  # whether a level attends to itself and to the words
    layers: Whole
    heads: Whole
    groups: Whole


class DiffusionRecipe(Schema):
    """How text encoder and U-Net are trained together."""

    batch: Whole
    halved: Annotated[int, Field(ge=0)]  # steps
    dropout: Share
    snr_floor: Positive
    weight_limit: Positive
    snr_limit: Positive
    body: Annotated[float, Field(ge=0)]
    pace: Pace


class DecoderRecipe(Schema):
    """How the decoder is trained once more, beside a critic."""

    critic: Annotated[
        list[Annotated[int, Field(ge=8, multiple_of=8)]], Field(min_length=3, max_length=3)
    ]
    push: Annotated[float, Field(ge=0)]
    elsewhere: Share
    noise: Annotated[float, Field(ge=0)]
    crop: Annotated[int, Field(ge=FACTOR, multiple_of=FACTOR)]
    batch: Whole
    body: Share
    pace: Pace


class SheetRecipe(Schema):
    """What a sample sheet shows of the pipeline."""

    prompts: Annotated[list[str], Field(min_length=1)]
    seeds: Whole
    steps: Whole
    guidance_scale: Positive


class TrainRecipe(Schema):
    """The `train` section of sources/study.yml."""

    seed: Annotated[int, Field(ge=0)]
    held_out_every: Annotated[int, Field(ge=2)]
    average: Positive
    precision: Literal["float32", "bfloat16"]  # of what a step computes; weights are kept in full
    autoencoder: AutoencoderRecipe
    text_encoder: TextRecipe
    unet: UnetRecipe
    diffusion: DiffusionRecipe
    decoder: DecoderRecipe
    sheet: SheetRecipe


Widths = Annotated[
    list[Annotated[int, Field(ge=4, multiple_of=4)]], Field(min_length=4, max_length=4)
]


class JudgesRecipe(Schema):
    """The `judges` section of sources/study.yml."""

    shrink: Whole = 1  # a side of a picture is divided by it before it is looked at
    mask: Widths = Field(default=[16, 24, 32, 48])  # channels at 1/2, 1/4, 1/8 and 1/16 of a side
    mask_share: Whole = 8  # the network that finds bodywork learns from one picture in so many
    hidden: Whole = 192  # numbers between what a reader measures and its features
    features: Annotated[int, Field(ge=2, multiple_of=2)] = 96  # what distances compare
    body_margin: Whole = 2  # pixels of bodywork given up: its edge mixes with what lies behind it
    background_margin: Whole = 4  # pixels kept away from the car: a found edge may be that far off
    batch: Whole = 16
    clean: Share = 0.7  # of what a judge learns from is as rendered, the rest is worn
    reconstructed: int = Field(default=600, ge=0)  # renders seen as the autoencoder returns them
    pace: Pace = Pace(rate=0.002, warmup=100, knee=2000)

    def margin(self, of: Of) -> int:
        """Pixels between the car's edge and what a judge of a part may see."""
        return self.body_margin if of == "body" else self.background_margin


class ScoreRecipe(Schema):
    """The `score` section of sources/study.yml."""

    ordinary: Whole = 450  # samples; whole shards of renders
    held_out: Whole = 150  # samples of combinations that training never sees
    # samples, the first ones, of a baseline and without guidance; a distance needs halves
    variant: int = Field(default=200, ge=4)
    steps: int = Field(default=30, ge=1, le=999)  # of 1000 levels
    guidance_scale: Positive = 2.0
    eta: float = Field(default=1.0, ge=0, le=1)  # of the noise that DDIM puts back, drawn anew
