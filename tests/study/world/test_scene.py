"""gen/study/world/scene.py: scenes from seeds, sentences about them."""

from dataclasses import replace

import numpy as np

from gen.study.world.captions import caption
from gen.study.world.scene import draw

# ---- scenes --------------------------------------------------------------------------------


def test_a_seed_is_a_scene(recipe):
    scenes = [draw(seed, recipe) for seed in range(200)]
    assert scenes == [draw(seed, recipe) for seed in range(200)]
    assert len({scene.body.length for scene in scenes}) == 200
    seen = {pair for scene in scenes for pair in scene.meaning().items()}
    assert {("style", s) for s in recipe.body_styles} <= seen
    assert {("world", w) for w in recipe.worlds} <= seen
    assert {("view", v) for v in recipe.views} <= seen


def test_held_out_combinations_are_never_drawn_for_training(recipe):
    for seed in range(2000):
        meaning = draw(seed, recipe).meaning()
        for combination in recipe.held_out:
            assert any(meaning[kind] != value for kind, value in combination.items())


def test_held_out_scenes_show_every_held_out_combination(recipe):
    scenes = [draw(seed, recipe, held_out=True) for seed in range(200)]
    for combination in recipe.held_out:
        assert any(combination.items() <= scene.meaning().items() for scene in scenes)


# ---- captions ------------------------------------------------------------------------------


def test_a_caption_says_what_the_scene_means(recipe):
    words = replace(recipe.captions, omit={})
    full = replace(recipe, captions=words, window=0.3)
    rng = np.random.default_rng(0)
    for seed in range(300):
        scene = draw(seed, full)
        said = caption(scene, full, rng)
        assert not set(said) & set("[]{}") and "  " not in said and not said.endswith(",")
        assert scene.material.colour in said
        assert any(w in said for w in words.bodies[scene.body.style])
        assert any(w in said for w in words.worlds[scene.world.name])
        assert any(w in said for w in words.views[scene.view])
        assert any(w in said for w in words.window) == (scene.pane is not None)


def test_a_caption_may_leave_out_world_view_and_body(recipe):
    scene, rng = draw(7, recipe), np.random.default_rng(0)
    said = {caption(scene, recipe, rng) for _ in range(400)}
    assert len(said) > 40
    for kind in (
        recipe.captions.worlds[scene.world.name],
        recipe.captions.views[scene.view],
        recipe.captions.bodies[scene.body.style],
    ):
        assert any(not any(w in s for w in kind) for s in said)


WORDS = [
    *("shiny", "chrome", "car", "reflective", "polished", "mirror-finish", "gold", "copper"),
    *("brushed steel", "matte", "satin", "glossy", "red", "blue", "green", "white", "black"),
    *("yellow", "orange", "silver", "studio", "softboxes", "sunset", "city street", "desert"),
    *("forest", "snow", "side view", "front three-quarter view", "rear three-quarter view"),
    *("seen through a window", "coupe", "saloon", "hatchback"),
]


def test_the_grammar_has_the_words_that_prompts_use(recipe):
    rng = np.random.default_rng(0)
    said = " ".join(caption(draw(s, recipe), recipe, rng) for s in range(3000))
    for word in WORDS:
        assert word in said, word
    assert "a orange" not in said
