"""The picture that opens the site: its scene, its desert, and that spots are where they say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gen.core import store
from gen.study.recipe.whole import read_recipe
from gen.study.world import mirrored, staged
from gen.study.world.render import Render, rays, render_in
from gen.study.world.staged_desert import desert
from gen.study.world.surroundings import Surroundings

ROOT = Path(__file__).parents[3]
SIZE = WIDTH, HEIGHT = 160, 84


@pytest.fixture(scope="module")
def recipe():
    return read_recipe(ROOT / "sources" / "study.yml").render


@pytest.fixture(scope="module")
def around() -> Surroundings:
    return desert(staged.WORLD, staged.CAMERA)


@pytest.fixture(scope="module")
def shot(recipe, around) -> Render:
    large = staged.at_size(recipe, *SIZE, samples=2)
    return render_in(around, staged.scene_of(recipe), large)


def at(spot, values: np.ndarray) -> np.ndarray:
    return values[int(spot.y * HEIGHT), int(spot.x * WIDTH)]


def test_each_spot_mirrors_what_it_is_named_for(shot):
    toward = rays(staged.CAMERA, *SIZE)
    spots = {spot.name: spot for spot in mirrored.spots(shot, toward)}
    assert {at(spot, shot.body) > 0.99 for spot in spots.values()} == {True}
    assert at(spots["sky"], shot.reflection)[2] > np.sin(np.radians(mirrored.SKY))
    assert at(spots["ground"], shot.reflection)[2] < np.sin(np.radians(mirrored.GROUND))
    back = at(spots["camera"], shot.reflection) @ -at(spots["camera"], toward)
    assert back > np.cos(np.radians(mirrored.BACK))


def test_a_spot_is_the_middle_of_the_widest_patch():
    up = np.zeros((50, 100, 3), np.float32)
    up[10:14, 10:20, 2] = up[20:40, 50:90, 2] = 1
    body = np.ones((50, 100), np.float32)
    some = Render(up, up, body, up, up, None, None)
    (sky, *_) = mirrored.spots(some, np.zeros_like(up))
    assert (sky.x, sky.y) == pytest.approx((0.70, 0.60), abs=0.12)


def test_no_spot_is_named_where_nothing_mirrors_the_lens():
    up = np.zeros((50, 100, 3), np.float32)
    up[..., 2] = 1
    some = Render(up, up, np.ones((50, 100), np.float32), up, up, None, None)
    ahead = np.zeros_like(up)
    ahead[..., 0] = 1
    assert [spot.name for spot in mirrored.spots(some, ahead)] == ["sky"]


def test_the_horizon_is_no_ruled_line_and_the_sky_has_no_seam(shot):
    light = shot.linear.mean(-1)
    sky = [int(np.argmax(np.diff(light[:, x]) < -0.05)) for x in range(4, WIDTH - 4)]
    assert max(sky) - min(sky) > 0.05 * HEIGHT
    top = light[2 : HEIGHT // 6, 2:-2].mean(0)
    assert abs(np.diff(top)).max() < 0.03 * top.mean()


def test_land_reaches_the_horizon_and_slopes_have_their_own_normals(around):
    assert set(around.land) == set(around.coats) == {"near", "mid", "far"}
    vertices, faces = around.land["far"]
    assert faces.max() == len(vertices) - 1
    assert np.allclose(np.linalg.norm(vertices[:, 3:6], axis=1), 1)
    assert vertices[:, 5].min() < 0.95  # some slope is steep
    flat = around.land["near"][0]
    assert np.ptp(flat[:, 2]) == 0  # the wheels stand on a level place


def test_the_picture_is_made_once_and_anew_for_another_scene(recipe, tmp_path, monkeypatch):
    kept = store.read_staged(ROOT, staged.ID)
    assert kept.key == staged.key(recipe)  # what is committed is up to date
    files = {f"{staged.ID}.webp": store.staged.file(ROOT, staged.ID, f"{staged.ID}.webp")}
    made = []

    def make(recipe):
        made.append(recipe)
        return replace(kept, key=staged.key(recipe)), files

    monkeypatch.setattr(staged, "make", make)
    assert list(staged.bring_up_to_date(tmp_path, recipe, force=False)) == [staged.ID]
    assert list(staged.bring_up_to_date(tmp_path, recipe, force=False)) == []
    assert list(staged.bring_up_to_date(tmp_path, recipe, force=True)) == [staged.ID]
    monkeypatch.setattr(staged, "EXPOSURE", 0.5)
    assert list(staged.bring_up_to_date(tmp_path, recipe, force=False)) == [staged.ID]
    assert len(made) == 3
