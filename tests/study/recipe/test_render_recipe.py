"""gen/study/recipe/render.py: names of renders, samples and references hang on a recipe's JSON."""

from dataclasses import asdict, replace

from gen.core.canonical import canonical
from gen.study.recipe.render import Finish, Grammar, RenderRecipe, WorldRecipe
from gen.study.world import reference

RECIPE = RenderRecipe(
    format=2,
    width=64,
    height=128,
    samples=4,
    full_every=3,
    window=0.25,
    body_styles={"coupe": {"length": (4.0, 4.5)}},
    finishes={"matte": Finish(1.0, (0.5, 1.0), ("red",))},
    paints={"red": (0.5, 0.25, 0.0)},
    worlds={"studio": WorldRecipe(0.5, None), "snow": WorldRecipe(2.0, (10.0, 20.0))},
    views={"side view": (80.0, 100.0)},
    held_out=({"colour": "red", "world": "snow"},),
    captions=Grammar(
        sentences=("a {paint} {body}",),
        omit={"world": 0.5},
        finishes={"matte": ("{colour}",)},
        bodies={"any": ("car",)},
        worlds={"snow": ("in snow",)},
        views={"side view": ("side view",)},
        window=("behind glass",),
    ),
)
JSON = (
    b'{"body_styles":{"coupe":{"length":[4.0,4.5]}},"captions":{"bodies":{"any":["car"]},'
    b'"finishes":{"matte":["{colour}"]},"omit":{"world":0.5},"sentences":["a {paint} {body}"],'
    b'"views":{"side view":["side view"]},"window":["behind glass"],"worlds":{"snow":["in snow"]}'
    b'},"finishes":{"matte":{"colours":["red"],"roughness":[0.5,1.0],"weight":1.0}},"format":2,'
    b'"full_every":3,"height":128,"held_out":[{"colour":"red","world":"snow"}],"paints":{"red":'
    b'[0.5,0.25,0.0]},"samples":4,"views":{"side view":[80.0,100.0]},"width":64,"window":0.25,'
    b'"worlds":{"snow":{"exposure":2.0,"sun":[10.0,20.0]},"studio":{"exposure":0.5,"sun":null}}}'
)


def test_a_recipe_s_json_is_what_it_always_was():
    assert canonical(asdict(RECIPE)) == JSON


def test_a_reference_keeps_its_key_and_another_recipe_has_another():
    assert reference.key("a red car", RECIPE) == "af4d86310a0022ad"
    assert reference.key("a red car", replace(RECIPE, window=0.5)) != "227f4b4ea75fa9df"
    assert reference.key("red car", RECIPE) != "227f4b4ea75fa9df"
