"""Which module computes with an array: numpy, or the one that its type comes from."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

_MODULES: dict[type, Any] = {}
"""Array types with their module. Types of numpy and numbers need no entry."""


def register(array_type: type, module: Any) -> None:
    """Let arrays of `array_type` be computed with by `module`, which offers numpy's API.

    >>> class Mine(np.ndarray):
    ...     pass
    >>> register(Mine, np)
    """
    _MODULES[array_type] = module


def array_module(x: Any) -> Any:
    """The module to compute with `x`: numpy for its arrays and for numbers, cupy for its own, else as registered.

    >>> array_module(np.ones(3)).__name__
    'numpy'
    >>> array_module(2.5).__name__
    'numpy'
    """
    kind = type(x)
    return np if kind is np.ndarray else _device_module(kind) or np


def is_device_array(x: Any) -> bool:
    """Whether a value is an array of cupy, or of a registered type.

    >>> is_device_array(np.ones(3)), is_device_array(2.5)
    (False, False)
    """
    return _device_module(type(x)) is not None


def _device_module(kind: type) -> Any:
    known = _MODULES.get(kind)
    if known is not None:
        return known
    # An array of cupy can only exist once cupy is loaded, so that looking is enough and nothing is imported.
    is_cupy = kind.__name__ == "ndarray" and kind.__module__.partition(".")[0] == "cupy"
    return sys.modules["cupy"] if is_cupy else None
