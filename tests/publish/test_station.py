"""The drawn path: three parts in their order, their squares' areas in true proportion."""

import pytest

from gen.publish.station import SIDE, stations


def test_the_parts_stand_in_the_order_of_the_path_with_their_own_figures(materials):
    capture = next(iter(materials.captures.values()))
    titles = [station.title for station in stations(capture)]
    assert titles == ["Text encoder", "U-Net", "Decoder"]
    assert stations(capture)[1].arithmetic == f"{100 * capture.part('unet').flops_share:.1f}%"


def test_areas_are_shares_and_what_is_too_small_to_see_is_a_dot(materials):
    capture = next(iter(materials.captures.values()))
    encoder, unet, decoder = stations(capture)
    ratio = (unet.squares[0] / decoder.squares[0]) ** 2
    sizes = [capture.part(name).parameters for name in ("unet", "vae.decoder")]
    assert ratio == pytest.approx(sizes[0] / sizes[1], rel=0.02)
    shares = [(station.squares[0] / SIDE) ** 2 for station in (encoder, unet, decoder)]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert min(min(station.squares) for station in (encoder, unet, decoder)) >= 2


def test_the_path_is_drawn_where_prose_asks_for_it_and_its_pictures_are_made(built):
    page = built.pages["workflow.md"]
    path = next(block for block in page.blocks if 'class="path"' in block)
    assert "30 times round" in path
    assert page.strips <= built.ledger.strips and page.strips
