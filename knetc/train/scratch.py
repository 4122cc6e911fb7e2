"""Memory for what an update computes in between: allocated once, and used again for every array.

A new array per update and parameter costs more than the arithmetic: its pages are zeroed by the system each time.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from knetc.backends import array_module

Array = Any


class _Buffers(threading.local):
    """This thread's buffers, by dtype and number."""

    def __init__(self) -> None:
        self.held: dict[tuple[Any, int], Array] = {}


_buffers = _Buffers()


def scratch(w: Array, number: int = 0) -> Array:
    """An array of the shape and dtype of `w` with anything in it, valid until the next call with this `number`.

    >>> scratch(np.ones((2, 3), np.float32)).shape
    (2, 3)
    """
    if array_module(w) is not np or not w.flags.c_contiguous:
        return array_module(w).empty_like(w)  # other libraries keep a pool of their own
    held = _buffers.held.get((w.dtype, number))
    if held is None or held.size < w.size:
        held = _buffers.held[w.dtype, number] = np.empty(w.size, w.dtype)
    return held[: w.size].reshape(w.shape)
