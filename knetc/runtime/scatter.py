"""Add into the elements that an index selects: the transpose of reading `x[index]`."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module

Array = Any


def scatter_add(buffer: Array, index: Any, g: Array) -> Array:
    """Add `g` to `buffer[index]` in place, repeated elements as often as they occur; returns `buffer`.

    >>> import numpy as np
    >>> scatter_add(np.zeros(3), [0, 2, 2], np.ones(3))
    array([1., 0., 2.])
    >>> scatter_add(np.zeros(3), slice(1, None), 2.0)
    array([0., 2., 2.])
    """
    parts = index if isinstance(index, tuple) else (index,)
    if any(_may_repeat(part) for part in parts):
        array_module(buffer).add.at(buffer, index, g)
    else:
        buffer[index] += g
    return buffer


def _may_repeat(part: Any) -> bool:
    """Whether one part of an index can name an element twice: lists and integer arrays can, masks cannot."""
    if isinstance(part, (list, range)):
        return True
    return np.ndim(part) > 0 and part.dtype != bool
