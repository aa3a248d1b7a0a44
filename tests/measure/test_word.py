"""A word whose effect is known."""

import numpy as np
import pytest
from known import box, noise, rows

from gen.measure import word
from gen.measure.kit.watching import Watched

STEPS = 6


def pair(part_at=3, n=8):
    """Inside the body one word makes everything 40 levels brighter, from one step on."""
    masks = box(n)
    before = np.minimum(noise(n), 200)
    after = before.copy()
    after[masks >= 128] += 40
    early, late = np.repeat(before[:, None], STEPS, 1), np.repeat(before[:, None], STEPS, 1)
    late[:, part_at - 1 :] = after[:, None]
    return word.Pair("finish", Watched(early, before), Watched(late, after), masks)


def look(where, role="finish", effect=None):
    """Attention on one half of a grid whose left half is body: 3 steps, 2 layers."""
    body = np.zeros((4, 6))
    body[:, :3] = 1
    maps = np.full((3, 2, 4, 6), 0.01)
    maps[..., :3] = 0.5 if where == "body" else 0.01
    maps[..., 3:] = 0.5 if where == "elsewhere" else 0.01
    return word.Look(role, maps, body, effect)


def test_a_change_is_found_where_it_was_made():
    found = rows(word.run([pair()], []))
    assert found["finish-inside"].value == pytest.approx(100)
    assert found["finish-area"].value == pytest.approx(25)
    assert found["finish-brighter"].value == pytest.approx(40, abs=0.1)
    assert found["finish-parts"].value == 3
    assert found["finish-change"].value < found["finish-noise"].value


def test_without_masks_the_size_of_a_change_is_still_measured():
    found = rows(word.run([pair()], [look("body")], "not used"))
    assert found["finish-change"].value == pytest.approx(10, abs=0.1)
    assert found["finish-inside"].value is None
    assert found["finish-iou"].note == "not used"


def test_attention_on_the_body_and_beside_it():
    looks = [look("body"), look("body"), *[look("elsewhere", "object")] * 2]
    found = rows(word.run([], looks))
    assert (found["finish-iou"].value, found["finish-pointing"].value) == (100, 100)
    assert (found["object-iou"].value, found["object-pointing"].value) == (0, 0)
    assert found["finish-iou-floor"].value == pytest.approx(100 / 3, abs=0.01)
    assert found["finish-iou-layer-2"].value == found["finish-iou-step-3"].value == 100
    assert "finish-iou-step-4" not in found


def test_attention_and_effect_may_disagree():
    acts = np.zeros((4, 6))
    acts[:, 3:] = 1
    found = rows(word.run([], [look("body", effect=acts), look("body", effect=acts)]))
    assert found["finish-effect"].value == pytest.approx(-1)


def test_without_a_body_nothing_overlaps():
    assert (word.overlap(look("body").maps, np.zeros((4, 6))) == 0).all()
