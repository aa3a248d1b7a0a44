"""gen/study/diffusion.py: batches of noised latents."""

import torch
from tiny import recipe_of, renders_of, trained

from gen.study.diffusion import PipelineStage


def test_every_process_draws_a_batch_of_its_own(place):
    trained("autoencoder", place, "work", steps=1)
    given = (recipe_of(place).train, renders_of(place), place / "work")
    stage = PipelineStage(*given, None, torch.device("cpu"))
    x = stage.batch(0, 0, 1)[0]
    other = stage.batch(0, 1, 2)[0]
    assert x.shape == (4, 4, 8, 8) and not torch.equal(x, other)
