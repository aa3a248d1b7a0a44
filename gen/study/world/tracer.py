"""Mitsuba, set up: the one place that imports it."""

import mitsuba as mi

mi.set_variant("scalar_rgb")  # needs no LLVM, and the same seed gives the same light
mi.set_log_level(mi.LogLevel.Error)  # a library prints nothing

__all__ = ["mi"]
