"""The networks of a set of judges: one finds the bodywork, three read what a picture shows.

A reader looks with fixed eyes and learns only what their answers mean: it takes measures of the
picture (colours, contrasts by scale, how bright parts are tinted) and a small copy of it. So a few
thousand renders teach it in minutes, on two cores, what convolutions would need hours for.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gen.study.judging.readings import KINDS, Classes

GROUPS = 4  # of channels normalized together, large ones: brightness and colour must survive it
SMALL = 8  # the side's divisor of a reader's small copy of a picture
SCALES = (2, 4, 8, 16)  # divisors at which contrasts are taken: finer ones a decoder's blur hides
TINTED = (2, 8)  # of these, where colours are told by brightness
BINS = 9  # of brightness
STRONG = (0.1, 0.3)  # contrasts, of a range of 2, whose frequency is told
SURFACE = ("finish", "colour")  # read from measures alone: small copies would be learned by heart

# ---- fixed eyes ----------------------------------------------------------------------------


def measures(picture: Tensor, area: Tensor) -> Tensor:
    """What a surface looks like: a picture (N, 3, H, W) from -1 to 1 and an area of it, (N, M).

    Areas (N, 1, H, W) may be empty. At each scale: how strong contrasts and their changes are,
    across and down; mean and spread of the colours; at some, what each brightness is tinted. And
    mean and spread of the colours around the area.
    """
    values = [*_colours(picture, 1 - area)]
    for scale in SCALES:
        seen, inside = F.avg_pool2d(picture, scale), F.avg_pool2d(area, scale)
        bright = _brightness(seen)
        values += [*_contrasts(bright, inside), *_colours(seen, inside)]
        if scale in TINTED:
            values += _tints(seen, bright, inside)
    return torch.cat(values, dim=1)


def _brightness(picture: Tensor) -> Tensor:
    weights = picture.new_tensor([0.2126, 0.7152, 0.0722])  # Rec. 709
    return (picture * weights[:, None, None]).sum(1, keepdim=True)


def _contrasts(bright: Tensor, area: Tensor) -> list[Tensor]:
    values = []
    for along in (-1, -2):
        one, inside = _steps(bright, along), _both(area, along)
        for change, where in ((one, inside), (_steps(one, along), _both(inside, along))):
            size = change.abs()
            values += [(_mean(size, where) + 1e-3).log(), (_mean(size**2, where) + 1e-5).log()]
            values += [_mean((size > strong).float(), where) for strong in STRONG]
    return values


def _steps(values: Tensor, along: int) -> Tensor:
    return values.diff(dim=along)


def _both(area: Tensor, along: int) -> Tensor:
    """Where both of two neighbours lie in the area."""
    n = area.shape[along] - 1
    return torch.minimum(area.narrow(along, 1, n), area.narrow(along, 0, n))


def _colours(picture: Tensor, area: Tensor) -> list[Tensor]:
    mean = _mean(picture, area)
    spread = _mean((picture - mean[..., None, None]) ** 2, area)
    return [mean, 0.5 * (spread + 1e-5).log()]


def _tints(picture: Tensor, bright: Tensor, area: Tensor) -> list[Tensor]:
    """Of each brightness: how much of the area has it, and how its colour differs from grey."""
    values, whole = [], area.sum((2, 3)) + 1e-3
    for middle in torch.linspace(-1, 1, BINS).tolist():
        here = F.relu(1 - (bright - middle).abs() * (BINS - 1) / 2) * area
        values += [here.sum((2, 3)) / whole, _mean(picture - bright, here)]
    return values


def _mean(maps: Tensor, area: Tensor) -> Tensor:
    """The mean of maps (N, C, H, W) over an area (N, 1, H, W), which may be empty: (N, C)."""
    return (maps * area).sum((2, 3)) / (area.sum((2, 3)) + 1e-3)


# ---- what is learned -----------------------------------------------------------------------


class Reader(nn.Module):
    """A picture and an area of it, (N, 4, H, W) -> features and, of each head, its numbers.

    Measures and small copy are brought to one scale by `level`, before any training.
    """

    def __init__(
        self,
        size: tuple[int, int],
        hidden: int,
        features: int,
        heads: dict[str, int],
    ):
        super().__init__()
        empty = torch.zeros(1, 4, *size)
        counts = [part.shape[1] for part in self.looked(empty)]
        self.shift, self.scale = (
            nn.ParameterList(nn.Parameter(f(1, n), requires_grad=False) for n in counts)
            for f in (torch.zeros, torch.ones)
        )
        self.branches = nn.ModuleList(_branch(n, hidden, features // 2) for n in counts)
        of_surface = {name: n for name, n in heads.items() if name in SURFACE}
        self.surface = _heads(features // 2, of_surface)
        self.heads = _heads(features, {n: k for n, k in heads.items() if n not in of_surface})

    @staticmethod
    def looked(x: Tensor) -> tuple[Tensor, Tensor]:
        """Measures (N, M) and small copy (N, 4 H W / 64)."""
        small = F.avg_pool2d(x, SMALL)
        return measures(x[:, :3], x[:, 3:]), small.flatten(1)

    @torch.no_grad()
    def level(self, x: Tensor) -> None:
        """So shift and scale what is looked at that over these pictures it varies by one."""
        for part, shift, scale in zip(self.looked(x), self.shift, self.scale, strict=True):
            shift.copy_(part.mean(0, keepdim=True))
            scale.copy_(part.std(0, keepdim=True) + 1e-2)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        parts = zip(self.looked(x), self.shift, self.scale, self.branches, strict=True)
        surface, place = (branch((part - a) / b) for part, a, b, branch in parts)
        features = torch.cat([surface, place], dim=1)
        answers = {name: head(surface) for name, head in self.surface.items()}
        answers |= {name: head(features) for name, head in self.heads.items()}
        return {"features": features} | answers


def _branch(into: int, hidden: int, features: int) -> nn.Sequential:
    return nn.Sequential(
        Dropped(0.1),
        nn.Linear(into, hidden),
        nn.SiLU(),
        Dropped(0.3),
        nn.Linear(hidden, features),
        nn.SiLU(),
    )


class Dropped(nn.Module):
    """Dropout where gradients are wanted, nothing where a picture is only read."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.share, training=torch.is_grad_enabled())


def _heads(into: int, counts: dict[str, int]) -> nn.ModuleDict:
    return nn.ModuleDict({name: nn.Linear(into, n) for name, n in counts.items()})


class MaskFinder(nn.Module):
    """A picture (N, 3, H, W) -> the log odds of each pixel being bodywork, (N, 1, H, W)."""

    def __init__(self, widths: list[int]):
        super().__init__()
        self.first = _layer(4 * (3 + 2), widths[0])  # squares of 2 x 2 pixels, with their place
        self.downs = nn.ModuleList(
            nn.Sequential(_layer(a, b, stride=2), _layer(b, b)) for a, b in pairwise(widths)
        )
        self.ups = nn.ModuleList(
            _layer(low + high, high) for low, high in pairwise(reversed(widths))
        )
        self.pixels = nn.Conv2d(widths[0], 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        maps = [self.first(F.pixel_unshuffle(_placed(x), 2))]
        for down in self.downs:
            maps.append(down(maps[-1]))
        *maps, x = maps
        for up, beside in zip(self.ups, reversed(maps), strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0), beside], dim=1))
        return F.pixel_shuffle(self.pixels(x), 2)


def _placed(x: Tensor) -> Tensor:
    """A picture with, as two more channels, how far down and across each pixel stands."""
    n, _, height, width = x.shape
    down = torch.linspace(-1, 1, height, device=x.device).reshape(1, 1, -1, 1)
    across = torch.linspace(-1, 1, width, device=x.device).reshape(1, 1, 1, -1)
    places = [place.expand(n, 1, height, width) for place in (down, across)]
    return torch.cat([x, *places], dim=1)


def _layer(into: int, width: int, stride: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(into, width, 3, stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.GroupNorm(GROUPS, width), nn.SiLU())


class Jury(nn.Module):
    """The four networks of a set, with random weights."""

    def __init__(
        self,
        mask: list[int],
        hidden: int,
        features: int,
        known: Classes,
        size: tuple[int, int],
    ):
        super().__init__()
        counts = {kind: len(getattr(known, kind)) for kind in KINDS}
        place = {"sun": 2, "horizon": 1}  # cosine and sine; a height
        of_world = {"world": counts["world"], **place}
        finder = MaskFinder(mask)  # the overloads of Module.to leave out what it takes below
        self.mask = finder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.whole = Reader(size, hidden, features, {**counts, **place})
        self.body = Reader(size, hidden, features, of_world)
        self.background = Reader(size, hidden, features, of_world)

    def readers(self) -> tuple[Reader, Reader, Reader]:
        """Those of the whole picture, of the bodywork and of what surrounds the car."""
        return self.whole, self.body, self.background
