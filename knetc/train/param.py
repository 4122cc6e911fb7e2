"""Parameters are plain arrays: `param` draws or copies one, `param0` makes one of zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.train.initialisers import xavier_uniform

Array = Any


def param(*shape: Any, init: Callable[..., Array] = xavier_uniform, dtype: Any = np.float32) -> Array:
    """A parameter: `param(20, 1, 5, 5)` draws one by `init(*shape)`, `param(array)` copies an array's values.

    Raises `ArgumentError` (KN401) for a shape that is not made of non-negative integers.

    >>> param(500, 800).dtype, param([1, 2]).tolist(), param(3, init=np.ones).shape
    (dtype('float32'), [1.0, 2.0], (3,))
    """
    if len(shape) == 1 and not isinstance(shape[0], (int, np.integer, tuple)):
        return np.array(shape[0], dtype)
    return np.asarray(init(*_checked(shape)), dtype)


def param0(*shape: int, dtype: Any = np.float32) -> Array:
    """A parameter of zeros, such as a bias.

    >>> param0(1, 2).tolist()
    [[0.0, 0.0]]
    """
    return np.zeros(_checked(shape), dtype)


def _checked(shape: tuple[Any, ...]) -> tuple[int, ...]:
    for size in shape:
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 0:
            raise ArgumentError(
                "KN401",
                f"`shape` is {shape}; expected non-negative integers, or one array",
                help="write the sizes one by one, as in param(20, 1, 5, 5)",
            )
    return shape
