"""Layers whose sum is known."""

import numpy as np
from known import rows

from gen.measure import mixing
from gen.measure.kit.linear_light import Windows, picture


def windows(behind, pane, n=4):
    """One brightness behind on the left, another on the right; the same reflection over both."""
    left, right = behind
    back = np.full((n, 16, 24, 3), left, np.float32)
    back[:, :, 12:] = right
    over = np.full_like(back, pane)
    return Windows(picture(back + over), back, over)


def test_light_adds_and_finished_pictures_do_not():
    found = rows(mixing.run(windows((0.02, 0.8), 0.1)))
    assert found["light-psnr"].value > 58
    assert found["light-psnr"].value > found["standard-psnr"].value > found["finished-psnr"].value
    assert found["finished-highlights"].value > found["finished-shadows"].value
    lifts = [found[f"lift-rendered-{band}"].value for band in ("shadows", "highlights")]
    assert lifts[0] > 3 * lifts[1]  # strong over shadows, weak over highlights


def test_a_known_lift_is_found_in_generated_pictures():
    without = np.full((5, 8, 8, 3), 30, np.uint8)
    without[:, :, 4:] = 220
    found = rows(mixing.run(windows((0.02, 0.8), 0.1), (without, without + 12)))
    assert found["lift-generated-shadows"].value == 12
    assert found["lift-generated-highlights"].value == 12
    assert found["lift-generated-middle"].value is None
    assert "lift-unlike-shadows" not in found


def test_the_example_is_small_and_the_same_every_time():
    shown = [mixing.run(windows((0.1, 0.5), 0.2)).pictures for _ in range(2)]
    assert shown[0] == shown[1]
    assert set(shown[0]) == {f"{n}.webp" for n in ("behind", "pane", "light", "finished", "error")}
    assert sum(map(len, shown[0].values())) < 200_000
