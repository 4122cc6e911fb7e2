"""The arithmetic behind the ops: kernels, and how an array finds those of its own kind.

A kernel is written once, in the part of numpy's API that numpy and cupy share, against the module of its argument:
`xp = array_module(x)`. A backend with faster kernels is a folder with the file names of `numpy/`.
"""

from __future__ import annotations

from knetc.backends.dispatch import array_module, is_device_array, register

__all__ = ["array_module", "is_device_array", "register"]
