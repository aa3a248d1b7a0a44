"""gen/study/judging/networks.py: what a reader measures of a surface, and nothing else."""

import pytest
import torch

from gen.study.judging import networks as jury
from gen.study.judging.readings import Classes

KNOWN = Classes(("mirror", "matte"), ("red", "blue"), ("studio", "snow"), ("side view",))


def half() -> torch.Tensor:
    """An area (1, 1, 64, 96): the left half."""
    area = torch.zeros(1, 1, 64, 96)
    area[..., :48] = 1
    return area


def grating(contrast: float, period: int = 8) -> torch.Tensor:
    """Stripes from side to side, (1, 3, 64, 96)."""
    bright = contrast * (torch.arange(64) // (period // 2) % 2 * 2.0 - 1)
    return bright.reshape(1, 1, 64, 1).expand(1, 3, 64, 96).clone()


def test_measures_are_those_of_the_area_and_of_colours_around_it():
    plain, other = grating(0.2), grating(0.2)
    other[..., 48:] = 0.9 * torch.rand(1, 3, 64, 48)
    a, b = jury.measures(plain, half()), jury.measures(other, half())
    around = 6  # mean and spread of three colours
    assert not torch.allclose(a[:, :around], b[:, :around])
    assert torch.allclose(a[:, around:], b[:, around:], atol=1e-5)


def test_stronger_contrast_and_another_direction_change_what_is_measured():
    weak, strong = (jury.measures(grating(c), half()) for c in (0.05, 0.5))
    upright = grating(0.5)[..., :64].transpose(2, 3)
    turned = jury.measures(torch.cat([upright, upright[..., :32]], dim=-1), half())
    assert (strong - weak).abs().max() > 1 and (strong - turned).abs().max() > 1


def test_an_empty_area_gives_numbers():
    assert jury.measures(grating(0.5), torch.zeros(1, 1, 64, 96)).isfinite().all()


def test_a_levelled_reader_sees_measures_that_vary_by_one():
    reader = jury.Reader((64, 96), 8, 4, {"finish": 2, "world": 2})
    x = torch.rand(32, 4, 64, 96)
    reader.level(x)
    pairs = zip(reader.looked(x), reader.shift, reader.scale, strict=True)
    for part, shift, scale in pairs:
        levelled = (part - shift) / scale
        assert levelled.mean(0).abs().max() < 1e-3 and levelled.std(0).max() < 1.01


def test_what_is_dropped_in_learning_is_all_there_in_reading():
    reader = jury.Reader((64, 96), 8, 4, {"finish": 2, "world": 2})
    x = torch.rand(2, 4, 64, 96)
    assert not torch.equal(reader(x)["features"], reader(x)["features"])
    with torch.no_grad():
        assert torch.equal(reader(x)["features"], reader(x)["features"])


@pytest.mark.parametrize("size", [(64, 96), (128, 192)])
def test_bodywork_is_found_pixel_by_pixel(size):
    found = jury.Jury([8, 8, 8, 8], 8, 4, KNOWN, size).mask(torch.zeros(2, 3, *size))
    assert found.shape == (2, 1, *size)
