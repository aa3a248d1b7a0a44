"""Addresses of facts, keys of prompts."""

from dataclasses import replace

import pytest

from gen.core.sources import Fact, LatentMap, Lines, Model, Prompt, Shape, Source

SOURCE = Source("sd", "github", "SD", "https://github.com/o/r", "abc", "A model.", ())
FACT = Fact("f", "It is so.", "ldm/a.py", "so", Lines("ldm/a.py", 3, 7))
MODEL = Model("tiny", "Tiny", "folder", "models/tiny", "0" * 64, True, LatentMap(("a car",), 2))
PROMPT = Prompt("car", "cars", "a car", "", 1, 1, 7.5, 64, 48, "DDIMScheduler", "tiny")


def test_a_fact_s_address_leads_to_its_very_lines():
    assert SOURCE.url_of(FACT) == "https://github.com/o/r/blob/abc/ldm/a.py#L3-L7"
    assert SOURCE.url_of(Lines("b.py", 5, 5)) == "https://github.com/o/r/blob/abc/b.py#L5"
    card = Lines("card.md", 5, 6)
    assert SOURCE.url_of(card) == "https://github.com/o/r/blob/abc/card.md?plain=1#L5-L6"


def test_a_fact_without_lines_is_at_the_work_s_own_address():
    assert SOURCE.url_of(replace(FACT, lines=None)) == "https://github.com/o/r"


def test_every_field_that_decides_a_picture_decides_its_key():
    other = {"text": "a bus", "negative": "rust", "seed": 2, "steps": 2, "guidance_scale": 7.0}
    other |= {"width": 72, "height": 56, "scheduler": "EulerDiscreteScheduler"}
    changed = {replace(PROMPT, **{name: value}).key(MODEL) for name, value in other.items()}
    models = [
        replace(MODEL, revision="1" * 64),
        replace(MODEL, latent_map=LatentMap(("a car",), 3)),
    ]
    changed |= {PROMPT.key(model) for model in models}
    assert len(changed | {PROMPT.key(MODEL)}) == len(other) + len(models) + 1


def test_names_do_not_decide_a_key():
    named = replace(PROMPT, id="bus", idea="buses", model="other")
    assert named.key(replace(MODEL, id="other", title="Other", location="x")) == PROMPT.key(MODEL)


def test_only_a_pinned_model_s_prompt_has_a_key():
    unpinned = replace(MODEL, revision=None)
    assert PROMPT.key(unpinned) is None
    assert PROMPT.pinned_key(MODEL) == PROMPT.key(MODEL)
    with pytest.raises(AssertionError, match="tiny is not pinned"):
        PROMPT.pinned_key(unpinned)


def test_shape_and_vae_are_part_of_a_key_where_there_are_such():
    """And of no other: captures that were made before these fields keep their keys."""
    model = Model("m", "M", "folder", "m", "0" * 64, True, LatentMap(("a",), 1))
    plain = {"revision": "0" * 64, "latent_map": {"prompts": ("a",), "steps": 1}}
    assert model.made_of == plain
    vae, shape = replace(model, vae="1" * 64), replace(model, shape=Shape("sd15", "2" * 64))
    assert len({PROMPT.key(m) for m in (model, vae, shape)}) == 3
