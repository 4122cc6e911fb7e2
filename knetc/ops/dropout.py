"""Dropout: elements set to zero at random while training, so that no unit can rely on another.

Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 15 (2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError
from knetc.ops.normalise import check_floats
from knetc.ops.registry import split
from knetc.runtime.rng import generator
from knetc.runtime.training import is_training
from knetc.settings import options

Array = Any


def dropout(x: Array, p: float, *, seed: int | None = None, drop: bool | None = None) -> Array:
    """Set each element of `x` to 0 with probability `p`, and divide the others by `1 - p`.

    Elements are dropped while a gradient is taken; a plain call returns `x` as it is. `drop=True` or `drop=False`
    decides for both. The random numbers are knetc's own (`knetc.seed`), or those of `seed` for this call.

    Raises `ArgumentError` for a `p` that is no probability (KN323) and a `seed` that is no int from 0 on (KN331),
    `DtypeError` (KN334) unless `x` is an array of floats.

    >>> dropout(np.ones(4), 0.5)
    array([1., 1., 1., 1.])
    >>> dropout(np.ones(4), 0.5, seed=1, drop=True)
    array([0., 2., 2., 2.])
    """
    return dropout_forward(x, p, seed=seed, drop=is_training() if drop is None else drop)[0]


def dropout_forward(
    x: Array, p: float, *, seed: int | None = None, drop: bool | None = None
) -> tuple[Array, Any]:
    """The result of `dropout` inside a gradient, and its derivative: 0, or 1 / (1 - p).

    >>> dropout_forward(np.ones(3), 0.0)
    (array([1., 1., 1.]), 1)
    """
    _check(x, p, seed)
    if p == 0 or drop is False or (drop is None and not options().training):
        return x, 1
    mask = _mask(x, p, seed)
    return x * mask, mask


def dropout_backward(mask: Any, g: Array) -> Array:
    """The cotangent of `x` in `dropout(x, p)`.

    >>> dropout_backward(2.0, 3.0)
    6.0
    """
    return g * mask


def _check(x: Array, p: float, seed: int | None) -> None:
    check_floats("dropout", x)
    if not isinstance(p, (int, float, np.number)) or not 0 <= p <= 1:
        raise ArgumentError(
            "KN323",
            f"dropout: `p` is {p!r}; expected a probability from 0 to 1",
            help="pass the part to drop, such as p=0.5",
        )
    if seed is not None and (not hasattr(seed, "__index__") or seed < 0):
        raise ArgumentError(
            "KN331",
            f"dropout: `seed` is {seed!r}; expected an int from 0 on",
            help="leave it out, or pass seed=1",
        )


def _mask(x: Array, p: float, seed: int | None) -> Array:
    kept = _random(x, seed) >= p
    return kept.astype(x.dtype) * (1 / (1 - float(p)) if p < 1 else 0)


def _random(x: Array, seed: int | None) -> Array:
    """Uniform numbers, drawn where `x` lives."""
    numbers = generator() if seed is None else np.random.default_rng(seed)
    xp = array_module(x)
    if xp is not np:
        numbers = xp.random.default_rng(int(numbers.integers(2**63)))
    return numbers.random(x.shape, dtype=np.float32)


split(dropout, dropout_forward, dropout_backward, wrt=("x",), twice=True, settings=("p",))
