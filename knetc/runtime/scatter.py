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
    if may_repeat(index):
        array_module(buffer).add.at(buffer, index, g)
    else:
        buffer[index] += g
    return buffer


def may_repeat(index: Any) -> bool:
    """Whether an index can name an element twice.

    >>> may_repeat(([0, 0], slice(None))), may_repeat((slice(1, None), 2))
    (True, False)
    """
    return any(map(_may_repeat, index if isinstance(index, tuple) else (index,)))


def _may_repeat(part: Any) -> bool:
    """Whether one part of an index can name an element twice: lists and integer arrays can, masks cannot."""
    if isinstance(part, (list, range)):
        return True
    return np.ndim(part) > 0 and part.dtype != bool
