"""Gradients that are handed over belong to the caller: no array in them is shared with anything."""

from __future__ import annotations

from typing import Any

import numpy as np


def are_plain(bars: Any, order: tuple[int, ...], places: tuple[int, ...], args: tuple[Any, ...]) -> bool:
    """Whether cotangents are the gradients as they are: arrays like their arguments, with memory of their own."""
    others = set(map(id, args))
    for i, place in zip(order, places, strict=True):
        g, x = bars[i], args[place]
        if type(g) is not np.ndarray or type(x) is not np.ndarray or g.base is not None or id(g) in others:
            return False
        if g.shape != x.shape or g.dtype is not x.dtype:
            return False
        others.add(id(g))
    return True


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
