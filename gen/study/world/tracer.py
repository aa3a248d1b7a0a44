"""Mitsuba, set up: the one place that imports it."""

import mitsuba as mi
import numpy as np

mi.set_variant("scalar_rgb")  # needs no LLVM, and the same seed gives the same light
mi.set_log_level(mi.LogLevel.Error)  # a library prints nothing

__all__ = ["fill", "mi"]


def fill(mesh: mi.Mesh, **buffers: np.ndarray) -> None:
    """Writes a mesh's buffers, rows or flat, where they lie.

    An assignment would first compare every number with the last, which takes a tenth of a render.
    """
    parameters = mi.traverse(mesh)
    for name, values in buffers.items():
        parameters[name].numpy()[:] = values.ravel()
        parameters.set_dirty(name)
    parameters.update()
