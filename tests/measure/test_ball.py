"""Chrome balls that are known to be, or not to be, one look into the surroundings."""

import io
from dataclasses import replace

import numpy as np
import pytest
from known import rows
from PIL import Image

pytest.importorskip("mitsuba")

from gen.measure import ball as experiment
from gen.measure.ball import Balls, Shown, _found
from gen.measure.kit import turntable
from gen.measure.kit.pictures import webp
from gen.measure.kit.turntable import Door, exact_light, packed, unrolled
from gen.publish import ball as page
from gen.study.world import ball
from gen.study.world.looks import CONDUCTORS
from gen.study.world.render import developed

SIZE = (48, 32)
EXPOSURE = 0.7


@pytest.fixture
def looks():
    return [ball.look(ball.camera(experiment.STAND + turn), *SIZE) for turn in (0, 120, 240)]


def world(seed: int, looks, off=0.0) -> Balls:
    """Balls that show what is there; or, by a share, other levels."""
    rng = np.random.default_rng(seed)
    few = rng.integers(20, 250, (6, 12, 3)).astype(np.uint8)
    around = webp(np.asarray(Image.fromarray(few).resize((360, 180))), 80)
    sky = exact_light(around) / EXPOSURE
    pictures = [_found(sky, look.directions.reshape(-1, 3), EXPOSURE) for look in looks]
    true = np.stack([p.reshape(SIZE[1], SIZE[0], 3) for p in pictures])
    other = rng.integers(0, 255, true.shape)
    true = (true * (1 - off) + other * off).astype(np.uint8)
    return Balls(true, around, EXPOSURE)


def found(worlds: list[Balls], looks, kinds: str = "ab"):
    """The rows of some worlds, of which as many are shown as there are kinds."""
    still = np.zeros((32, 48, 3), np.uint8)
    shown = {name: Shown(still, still) for name in kinds}
    door = Door(np.zeros((4, 6, 2)), np.zeros((4, 6)))
    return experiment.run(worlds, shown, looks, door)


def test_what_is_one_look_is_found_to_be_and_what_is_not_is_not(looks):
    right = rows(found([world(i, looks) for i in range(3)], looks))
    assert right["looked-up"].value == 1 and right["looked-up"].n == 9
    assert abs(right["turned"].value) < 0.5 > abs(right["another"].value)
    wrong = [world(i, looks, off=1.0) for i in range(3)]
    assert abs(rows(found(wrong, looks))["looked-up"].value) < 0.2


def test_balls_of_one_world_count_as_one_in_the_interval(looks):
    """Whole worlds are drawn again: the same worlds from more sides are known no better."""
    offs = (0.0, 0.3, 0.6, 0.3)
    worlds = [world(i, looks, off) for i, off in enumerate(offs)]
    twice = [replace(w, pictures=np.concatenate([w.pictures] * 3)) for w in worlds]
    once, more = found(worlds, looks), found(twice, looks * 3)
    row, wider = rows(once)["looked-up"], rows(more)["looked-up"]
    assert (row.n, wider.n) == (12, 36)
    assert (row.value, row.low, row.high) == (wider.value, wider.low, wider.high)
    assert row.note == "12 pictures of 4 worlds: the interval is over worlds"
    assert "in 4 worlds of 2 kinds, from 3 sides each" in once.method


def test_what_is_shown_are_the_first_worlds(looks):
    worlds = [world(i, looks) for i in range(4)]
    pictures = found(worlds, looks).pictures
    assert {name for name in pictures if "around" in name} == {"a-around.webp", "b-around.webp"}
    assert pictures["b-around.webp"] == worlds[1].around


def test_the_middle_of_a_ball_shows_the_viewer_its_top_the_sky():
    camera = ball.camera(90.0)
    look = ball.look(camera, 301, 201)
    assert look.directions[100, 150] == pytest.approx([0, 1, 0], abs=0.02), "back to the viewer"
    column = look.directions[:, 150]
    assert column[look.on[:, 150]][0][2] > 0 > column[look.on[:, 150]][-1][2]
    assert np.linalg.norm(look.directions[look.on], axis=-1) == pytest.approx(1)
    assert not look.directions[~look.on].any()
    assert look.on.any(1).mean() == pytest.approx(0.8, abs=0.05), "of the picture's height"


def test_the_light_behind_a_finished_picture_comes_back():
    light = np.linspace(0.001, 5, 200, dtype=np.float32).reshape(10, 20, 1).repeat(3, 2)
    finished = developed(light, 1.0)
    buffer = io.BytesIO()
    Image.fromarray(finished).save(buffer, "PNG")
    back = exact_light(buffer.getvalue())
    assert np.abs(developed(back, 1.0).astype(int) - finished).max() <= 1
    assert back[light < 3] == pytest.approx(light[light < 3], rel=0.15, abs=0.01)


def test_the_middle_of_what_is_unrolled_lies_ahead_of_the_viewer():
    panorama = np.arange(360)[None, :, None].repeat(180, 0)  # azimuth 90 - column
    middle = unrolled(panorama, 65.0)[0, 180, 0]
    assert (90 - middle) % 360 == (65 + 180) % 360


def test_a_door_is_packed_to_a_thousandth_and_its_edge_to_a_fifteenth():
    rng = np.random.default_rng(0)
    normals, share = rng.uniform(-1, 1, (8, 9, 2)), rng.uniform(0.1, 1, (8, 9))
    share[0] = 0
    levels = np.asarray(Image.open(io.BytesIO(packed(Door(normals, share)))))
    red, green, blue = np.moveaxis(levels.astype(int), -1, 0)
    first = (red << 2 | blue & 3) / (turntable.FINE / 2) - 1
    second = (green << 2 | blue >> 2 & 3) / (turntable.FINE / 2) - 1
    on = share > 0
    assert np.stack([first, second], -1)[on] == pytest.approx(normals[on], abs=1e-3)
    assert (blue >> 4) / 15 == pytest.approx(share, abs=1 / 29)


def test_the_page_turns_what_was_measured():
    """Eye, width of the picture, colour of the metal and place of the sun stand there once more."""
    assert ball.DISTANCE / ball.RADIUS == page.EYE
    assert {"ball": ball.FOV, "door": experiment.DOOR_FOV} == page.ACROSS
    assert CONDUCTORS["chrome"][1] == page.TINT
    ahead = experiment.STAND + 180
    assert (experiment.SUN - ahead) % 360 == page.SUN, "so far to the left of where one looks"
    assert set(page.WORLDS) == set(experiment.WORLDS.values())


def test_letters_of_the_page_stand_where_the_ball_looks():
    width, height = 480, 320
    look = ball.look(ball.camera(experiment.STAND), width, height)
    for name, (x, y) in page.LETTERS.items():
        letter = page._letter(name, x, y, width / height)
        away = look.directions[int(y * height), int(x * width)]
        turn = experiment.STAND - np.degrees(np.arctan2(away[1], away[0]))
        assert letter.column == pytest.approx(turn / 3.6 % 100, abs=0.6)
        assert letter.row == pytest.approx(np.degrees(np.arccos(away[2])) / 1.8, abs=0.6)


# ---- on the tiny project ---------------------------------------------------------------------


def test_every_world_has_its_surroundings_its_stills_and_the_door(made):
    result = made(experiment)
    names = {name for name, _ in result.measurement.digests}
    parts = ("around", "still", "door")
    wanted = {f"ball-{w}-{p}.webp" for w in experiment.WORLDS.values() for p in parts}
    assert wanted | {"ball-normals.webp"} <= names
    assert result.handed["door"].share.max() > 0.9, "something of the car is cut out"
    worlds = result.handed["worlds"]
    assert len(worlds) == len(experiment.WORLDS) * experiment.EACH
    assert len({w.around for w in worlds}) == len(worlds), "each world is one of its own"
    assert result.rows["looked-up"].n == len(worlds) * experiment.TURNS
