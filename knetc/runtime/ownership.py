"""Gradients that are handed over belong to the caller: no array in them is shared with anything."""

from __future__ import annotations

from typing import Any

import numpy as np


def are_plain(bars: tuple[Any, ...], places: tuple[int, ...], args: tuple[Any, ...]) -> bool:
    """Whether cotangents are gradients as they are: numbers, and arrays like their arguments with their own memory."""
    arrays = []
    for g, place in zip(bars, places, strict=True):
        x = args[place]
        if type(g) is np.ndarray is type(x) and g.base is None and g.shape == x.shape and g.dtype is x.dtype:
            arrays.append(id(g))
        elif not type(g) is float is type(x):
            return False
    return not arrays or len({*arrays}.difference(map(id, args))) == len(arrays)


def own(gradient: Any, others: tuple[Any, ...]) -> Any:
    """A gradient that may be changed in place: not an argument, not another gradient, not a view of one."""
    if type(gradient) is np.ndarray:
        if gradient.base is None and not any(
            o is gradient or getattr(o, "base", None) is gradient for o in others
        ):
            return gradient  # it has memory of its own
        for other in others:
            if type(other) is np.ndarray and np.may_share_memory(gradient, other):
                return gradient.copy()
        if not gradient.flags.writeable:
            return gradient.copy()
    return gradient
