"""Colours as a reader's own picture has them: their places in Lab, and plain names."""

import json

import pytest

PLAIN = {
    "tan": [(210, 180, 140), (194, 178, 128), (190, 150, 100), (224, 172, 135)],
    "beige": [(245, 245, 220), (245, 222, 179), (255, 218, 185)],
    "brown": [(139, 69, 19), (210, 105, 30), (112, 84, 62), (150, 115, 80)],
    "dark brown": [(60, 40, 20)],
    "olive": [(128, 128, 0)],
    "strong orange": [(255, 165, 0)],
    "light orange": [(250, 180, 110)],
    "strong yellow": [(255, 255, 0), (255, 215, 0)],
    "dark yellow": [(212, 175, 55)],
    "light yellow": [(240, 230, 140)],
    "strong red": [(255, 0, 0), (220, 20, 60), (178, 34, 34)],
    "dark red": [(128, 0, 0), (90, 20, 40)],
    "pink": [(250, 128, 114)],
    "light pink": [(255, 192, 203)],
    "strong pink": [(255, 105, 180)],
    "strong green": [(34, 139, 34)],
    "green": [(96, 128, 56), (85, 107, 47)],
    "turquoise": [(0, 128, 128)],
    "light turquoise": [(64, 224, 208)],
    "light blue": [(135, 206, 235)],
    "blue": [(70, 130, 180), (120, 160, 220)],
    "strong blue": [(0, 0, 255), (65, 105, 225)],
    "dark blue": [(0, 0, 128)],
    "greyish blue": [(112, 128, 144), (160, 175, 195)],
    "dark violet": [(128, 0, 128), (75, 0, 130)],
    "light violet": [(200, 190, 230)],
    "light grey": [(192, 192, 192), (200, 205, 212)],
    "dark grey": [(60, 62, 65)],
    "almost black": [(10, 10, 12), (20, 25, 40), (40, 40, 50)],
    "almost white": [(250, 250, 248)],
}
COLOURS = """async ([address, colours]) => {
    const {lab, light, named, apart} = await import(`${address}/assets/js/picture/colour.js`)
    return colours.map(colour => {
        const seen = lab(colour.map(light))
        return {seen, name: named(colour.map(light)), far: apart(seen, lab([0, 0, 0]))}
    })
}"""


def test_colours_have_the_names_that_people_give_them(visit, address):
    pairs = [(name, colour) for name, colours in PLAIN.items() for colour in colours]
    told = visit("/").evaluate(COLOURS, [address, [colour for _, colour in pairs]])
    wrong = [(*pair, own["name"]) for pair, own in zip(pairs, told, strict=True)]
    assert [one for one in wrong if one[0] != one[2]] == []


def test_black_and_white_are_a_hundred_apart(visit, address):
    (white,) = visit("/").evaluate(COLOURS, [address, [[255, 255, 255]]])
    assert white["far"] == pytest.approx(100, abs=0.05)


def test_colours_are_those_of_the_common_library(visit, address):
    color = pytest.importorskip("skimage.color", reason="needs the train install")
    colours = [
        [255, 255, 255],
        [0, 0, 0],
        [255, 0, 0],
        [12, 200, 90],
        [120, 160, 220],
        [60, 40, 20],
    ]
    told = visit("/").evaluate(COLOURS, [address, colours])
    for colour, own in zip(colours, told, strict=True):
        theirs = color.rgb2lab([[[value / 255 for value in colour]]])[0][0]
        assert own["seen"] == pytest.approx(list(theirs), abs=0.05), json.dumps(colour)
    names = [own["name"] for own in told]
    assert names == [
        "almost white",
        "almost black",
        "strong red",
        "strong green",
        "blue",
        "dark brown",
    ]
