"""What of a picture's change lies on its bodywork."""

import numpy as np


def on_body(
    before: np.ndarray, after: np.ndarray, body: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Percent of the squared change that lies on bodywork, and of the picture that it is: (N,).

    Pictures (N, H, W, 3) uint8, bodywork of either (N, H, W) bool. NaN where nothing changed.
    """
    squared = ((after.astype(np.float32) - before) ** 2).sum(-1)
    whole = squared.sum((1, 2))
    share = 100 * (squared * body).sum((1, 2)) / np.maximum(whole, 1e-6)
    return np.where(whole > 0, share, np.nan), 100 * body.mean((1, 2))
