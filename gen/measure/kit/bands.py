"""Metals' bands: how much nearer to the renders' one series lies than another, prompts redrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from gen.core.measured import Row
from gen.measure.kit.clusters import Labels, chosen, grouped, said
from gen.measure.kit.rows import Place, bootstrapped, missing

NEARER = "painted, than another finish"
PACKED = "through the autoencoder, than painted"


@dataclass(frozen=True)
class Band:
    """A metal's figures in one band: (N, 3) rendered, painted and packed; (M,) another finish's."""

    metal: str
    name: str
    three: np.ndarray
    prompts: Labels
    another: np.ndarray
    theirs: Labels


def nearer(bands: Sequence[Band], least_spread: float, why: str) -> Iterator[Row]:
    """Two rows a band, in standard deviations of the renders; without such, `why` there is none."""
    for band in bands:
        label = f"{band.metal}, {band.name} bands, nearer to the renders"
        there = ~np.isnan(band.three).any(1)
        three, prompts = band.three[there], chosen(band.prompts, there)
        known = ~np.isnan(band.another)
        another, theirs = band.another[known, None], chosen(band.theirs, known)
        scale = float(three[:, 0].std()) if len(three) else 0.0
        mine = grouped(three, prompts)
        both, n = (mine, grouped(another, theirs)), len(three)
        for name, series, samples, counted, statistic in (
            ("nearer", NEARER, both, min(n, len(another)), _than_another),
            ("packed-nearer", PACKED, (mine,), n, _than_painted),
        ):
            id, place = f"{band.metal}-{band.name}-{name}", Place("", label, series)
            if scale < least_spread:
                yield missing(id, place, "sd", why)
                continue
            even = tuple(sample / scale for sample in samples)
            note = said("", len(mine), n)
            looked_at = 2 * len(bands)
            row = bootstrapped(id, place, even, "sd", statistic, note, looked_at=looked_at)
            yield replace(row, n=counted) if row.value is not None else row


def _than_another(three: np.ndarray, another: np.ndarray, axis: int) -> float:
    """How much nearer the painted lie than another finish."""
    true, painted, _ = _flat(three)
    return _wasserstein(true, *_flat(another)) - _wasserstein(true, painted)


def _than_painted(three: np.ndarray, axis: int) -> float:
    """How much nearer these through the autoencoder lie than the painted."""
    true, painted, packed = _flat(three)
    return _wasserstein(true, painted) - _wasserstein(true, packed)


def _flat(groups: np.ndarray) -> np.ndarray:
    """(G, most, K) with NaN where a group has fewer -> (K, N)."""
    every = groups.reshape(-1, groups.shape[-1])
    return every[~np.isnan(every[:, 0])].T


def _wasserstein(a: np.ndarray, b: np.ndarray) -> float:
    return float(stats.wasserstein_distance(a, b))
