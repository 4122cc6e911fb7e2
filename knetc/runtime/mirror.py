"""Cotangents of containers: the shape of the value, with cotangents where the numbers were.

value             cotangent in flight
array, number     array, number
list, tuple       list or tuple of cotangents, None where nothing has flowed yet
dict              dict of cotangents, keys missing where nothing has flowed yet
object            Mirror with cotangents as attributes
anything else     None
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import is_device_array
from knetc.runtime.frozen import FrozenFloat


class Mirror:
    """The cotangent of an object: an attribute for each attribute of the object that something has flowed into.

    >>> bar = Mirror(w=2.0)
    >>> bar.w, bar.b is None
    (2.0, True)
    """

    def __init__(self, **bars: Any) -> None:
        self.__dict__.update(bars)

    def __getattr__(self, name: str) -> Any:
        """None, the cotangent of an attribute that nothing has flowed into."""
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def __repr__(self) -> str:
        return f"Mirror({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"


def is_array(x: Any) -> bool:
    """Whether a value is an array, of numpy or of a backend; numpy's scalars are none."""
    return isinstance(x, np.ndarray) or is_device_array(x)


def is_number(x: Any) -> bool:
    """Whether a value is a Python or numpy number that can carry a derivative."""
    return isinstance(x, float | np.floating) and not isinstance(x, FrozenFloat)


def zero(x: Any) -> Any:
    """A fresh cotangent of `x` into which nothing has flowed, to be added to in place.

    >>> zero([1.0, 2.0]), zero({"w": 1.0}), zero(2.5)
    ([None, None], {}, 0.0)
    """
    match x:
        case np.ndarray():
            return np.zeros_like(x) if x.dtype.kind in "fc" else np.zeros(x.shape)
        case list() | tuple():
            return [None] * len(x)
        case dict():
            return {}
        case bool() | int() | float() | np.generic():
            return 0.0
        case str() | bytes() | None:
            return None
        case _:
            return np.zeros_like(x) if is_array(x) else Mirror()
