"""A real, tiny pipeline watched: its picture stays the same, and shares are shares."""

from dataclasses import replace

import numpy as np
import pytest

from gen import pick
from gen.capture import denoise
from gen.capture.attention import cross_attention, hooked
from gen.capture.sheets import pixels
from gen.core.records import END, START
from gen.measure.kit import watching as watch


def test_frames_end_in_the_pipelines_own_picture(tiny_pipe, tiny_prompt):
    asked = [tiny_prompt, replace(tiny_prompt, seed=4)]
    told = []
    watched = watch.frames(tiny_pipe, asked, lambda done, of: told.append((done, of)))
    assert watched.frames.shape == (2, 4, 48, 64, 3)
    assert told == [(1, 2), (2, 2)]
    for prompt, final in zip(asked, watched.finals, strict=True):
        *_, last = denoise.denoise(tiny_pipe, prompt)
        own = pixels(denoise.decode(tiny_pipe, last.latents))[0]
        assert np.abs(final.astype(int) - own).max() <= 1


def test_attention_is_a_share_of_one_whole(tiny_pipe, tiny_prompt):
    words = "a", "chrome", "car", "studio"
    found = watch.attention(tiny_pipe, tiny_prompt, ("red", "view"))
    assert list(found) == [START, *words, END, "red", "view"]
    layers = sum(name.endswith("attn2") for name, _ in tiny_pipe.unet.named_modules())
    assert {maps.shape for maps in found.values()} == {(4, layers, 6, 8)}
    assert all((maps >= 0).all() and (maps <= 1).all() for maps in found.values())
    assert sum(found[word] for word in (START, *words, END)).max() <= 1.0001


def test_watching_and_probing_leave_the_picture_as_it_is(tiny_pipe, tiny_prompt):
    def last():
        return list(denoise.denoise(tiny_pipe, tiny_prompt))[-1].latents

    before = last()
    hooks = [len(m._forward_hooks) for m in tiny_pipe.unet.modules()]
    watch.attention(tiny_pipe, tiny_prompt, ("red",))
    assert [len(m._forward_hooks) for m in tiny_pipe.unet.modules()] == hooks
    assert (last() == before).all()
    with hooked(cross_attention(tiny_pipe.unet), lambda *given: None):
        assert (last() == before).all()


def test_a_word_that_is_there_is_probed_as_one_that_is_not(tiny_pipe, tiny_prompt):
    plain = watch.attention(tiny_pipe, tiny_prompt)
    probed = watch.attention(tiny_pipe, tiny_prompt, ("red",))
    assert all((plain[word] == probed[word]).all() for word in plain)


@pytest.mark.parametrize("judged", [None, lambda pictures: np.array([0.1, 0.9, 0.5])])
def test_picking_ranks_and_says_who_scored(tiny_pipe, tiny_prompt, judged):
    asked = pick.candidates(tiny_prompt, "a red car", 7, 3)
    assert [prompt.seed for prompt in asked] == [7, 8, 9]
    picked = pick.pick(tiny_pipe, asked, judged, lambda what, done, of: None)
    assert list(picked.scores[list(picked.order)]) == sorted(picked.scores, reverse=True)
    assert picked.how == (pick.OWN if judged is None else pick.JUDGED)
    if judged:
        assert picked.order == (1, 2, 0)
    again = pick.pick(tiny_pipe, asked, judged, lambda what, done, of: None)
    assert pick.sheet(picked, "Tiny", "a red car") == pick.sheet(again, "Tiny", "a red car")
