"""Mirrors spoiled in a known way, and paints that agree as often as they were made to."""

import numpy as np
from known import Told, accuracies, box, noise, rows, samples

from gen.measure.kit import controls
from gen.measure.kit.pictures import Layer
from gen.measure.kit.rows import Measured

N = 40


def layer(n=3):
    return Layer("mirror", noise(n), box(n))


def test_upside_down_turns_each_column_of_the_body_and_nothing_else():
    before = layer()
    slanted = before.masks.copy()
    slanted[:, 8, 12] = 0  # one column begins a row lower
    after = controls.turned(Layer("mirror", before.pictures, slanted))
    inside = slanted >= 128
    assert np.array_equal(after.pictures[~inside], before.pictures[~inside])
    assert np.array_equal(after.pictures[:, 8:24, 20], before.pictures[:, 8:24, 20][:, ::-1])
    assert np.array_equal(after.pictures[:, 9:24, 12], before.pictures[:, 9:24, 12][:, ::-1])


def test_shuffled_keeps_the_bodys_colours_and_not_their_places():
    before = layer()
    after = controls.shuffled(before)
    inside = before.masks >= 128
    assert np.array_equal(after.pictures[~inside], before.pictures[~inside])
    for a, b, here in zip(after.pictures, before.pictures, inside, strict=True):
        assert not np.array_equal(a[here], b[here])
        assert sorted(map(tuple, a[here])) == sorted(map(tuple, b[here]))


class ByBrightness(Told):
    """Reads a body's world as right where the picture's first pixel is bright."""

    def read_world(self, pictures, masks, of):
        names = [s.scene.world.name for s in samples(N)]
        right = pictures[:, 0, 0, 0] >= 128
        world = np.where(right | (of == "background"), names, "elsewhere")
        self.parts = {of: (world, np.zeros(N), np.zeros(N))}
        return super().read_world(pictures, masks, of)


def marked(share):
    pictures = noise(N)
    pictures[:, 0, 0] = 0
    pictures[: int(share * N), 0, 0] = 255
    return Layer("", pictures, box(N))


def test_mirrors_are_set_against_each_control_picture_by_picture():
    paints = {"mirror": marked(1), "satin": marked(0.5), "matte": marked(0.25)}
    judges = ByBrightness(accuracies(0.7, "body_world"))
    found = rows(Measured("", "", tuple(controls.rows(paints, judges))))
    assert found["control-mirror"].value == 100 and found["control-matte"].value == 25
    assert found["mirror-more-than-satin"].value == 50
    assert "one of 4 comparisons" in found["mirror-more-than-matte"].note
    assert found["mirror-more-than-turned"].value == 0, "a corner off the body stays as it is"
    assert "the judge reads 70 % of rendered ones right" in found["control-satin"].note
