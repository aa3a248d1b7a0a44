"""Close-ups: what is ringed lies in the part that is shown, and is where the record says."""

import re

import pytest

from gen.core.errors import BadInput
from gen.publish import close_ups
from gen.publish.close_ups import CLOSE_UPS
from gen.publish.draft import Draft


def written(materials, *names: str) -> str:
    draft = Draft(materials, "check.md")
    close_ups.close_up(draft, *names)
    (html,) = draft.blocks
    return html


@pytest.mark.parametrize("name", CLOSE_UPS)
def test_every_ring_lies_in_the_part_and_is_spoken_of(name):
    shown = CLOSE_UPS[name]
    left, top, width, height = shown.part
    assert left >= 0 and top >= 0 and left + width <= 1 and top + height <= 1
    for ring in shown.rings:
        assert left + ring.size < ring.x < left + width - ring.size
        assert top + ring.size < ring.y < top + height - ring.size


def test_you_are_missing_where_the_record_says_that_the_bodywork_faces_the_camera(materials):
    shown = CLOSE_UPS["camera"]
    (spot,) = [s for s in materials.staged[shown.of].mirrored if s.name == "camera"]
    assert (shown.rings[0].x, shown.rings[0].y) == (spot.x, spot.y)


def test_each_check_has_its_close_up_of_a_picture_that_ships_anyway(materials, built):
    page = "".join(built.pages["check.md"].blocks)
    assert page.count('<div class="close-ups">') == 6, "six checks"
    assert page.count('<figure class="close-up">') == len(CLOSE_UPS)
    assert 'href="../staged/desert.webp"' in written(materials, "roof")
    assert re.search(r'href="\.\./captures/\w+/shown\.webp"', written(materials, "twins"))


def test_what_a_painter_made_of_it_stands_beside_the_render_and_says_whose_it_is(materials):
    html = written(materials, "roof", "stripes")
    assert html.count("<figure") == 2 and html.count("close-ups") == 1
    for shown in (each for each in CLOSE_UPS.values() if each.painted):
        assert shown.says.startswith("Painted by the study model")


def test_a_close_up_that_is_none_is_refused_with_the_nearest(materials):
    with pytest.raises(BadInput, match="close_up: no rooof; did you mean roof"):
        written(materials, "rooof")
