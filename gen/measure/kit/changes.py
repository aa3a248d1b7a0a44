"""One change beside another: how much of it, and whether in the same places."""

import numpy as np


def slope(made: np.ndarray, true: np.ndarray) -> float:
    """Least squares of one change on the other, colours together; NaN where nothing changes."""
    spread = float(true.var())
    covariance = float(((made - made.mean()) * (true - true.mean())).mean())
    return covariance / spread if spread > 1 else np.nan


def spread(made: np.ndarray, true: np.ndarray) -> float:
    """How much one change spreads, over how much the other does; NaN where nothing changes."""
    return float(np.sqrt(made.var() / true.var())) if true.var() > 1 else np.nan


def correlation(made: np.ndarray, true: np.ndarray) -> float:
    """Pearson's; 0 for a change that is flat, NaN where nothing changes in truth."""
    if true.var() <= 1e-3:
        return np.nan
    return float(np.corrcoef(made.ravel(), true.ravel())[0, 1]) if made.var() > 1e-6 else 0.0
