"""A window between camera and car: what it lets through, and the room that it mirrors."""

import numpy as np

from gen.study.world.panoramas import room
from gen.study.world.scene import Camera, Pane


def reflected(d: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Where a ray along d goes from a mirror of normal n: d - 2 (d.n) n."""
    return d - 2 * (d * n).sum(-1, keepdims=True) * n


def through(
    pane: Pane, camera: Camera, linear: np.ndarray, toward: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(light through the pane, light from the pane, how clear each pixel is (H, W))."""
    right, up, forward = camera.axes()
    yaw = np.radians(pane.yaw)
    normal = np.sin(yaw) * right - np.cos(yaw) * forward  # upright enough, and facing us
    cosine = -(toward @ normal)
    one = 0.043 + 0.957 * (1 - cosine) ** 5  # Schlick, one face of glass of index 1.52
    mirror = (2 * one / (1 + one))[..., None]  # both faces, all bounces between them
    back = reflected(toward, normal)
    mirrored = room(pane, np.stack([back @ right, back @ up, -(back @ forward)], -1))
    bars = hidden(pane, *linear.shape[:2])[..., None]
    behind = linear * (1 - mirror) * GREENISH * (1 - bars)
    return (
        behind.astype(np.float32),
        (mirrored * mirror * (1 - bars) + 0.02 * bars).astype(np.float32),
        1 - bars[..., 0],
    )


GREENISH = np.array([0.93, 0.96, 0.94])  # what float glass lets through


def hidden(pane: Pane, height: int, width: int) -> np.ndarray:
    """(H, W) share of each pixel that frame and mullion hide."""
    thick = pane.frame * height
    x, y = np.arange(width) + 0.5, (np.arange(height) + 0.5)[:, None]
    inset = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    bars = np.clip(thick - inset + 0.5, 0, 1)
    if pane.mullion is not None:
        bars = np.maximum(bars, np.clip(thick / 2 - np.abs(x - pane.mullion * width) + 0.5, 0, 1))
    return bars
