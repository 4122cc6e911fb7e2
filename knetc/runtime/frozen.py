"""`frozen(value)` marks what training leaves alone: a pretrained layer, constants, running statistics.

The mark is one attribute, `__knetc_frozen__`, read by `is_frozen` and by nothing else. An object that sets it
on its class (running statistics do) is frozen from birth. An array cannot carry an attribute, so a frozen
array is a `FrozenArray`: the same memory, the same arithmetic, and copies of it stay frozen. Nor can a number: a
frozen one is a `FrozenFloat`, equal to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ArgumentError

MARK = "__knetc_frozen__"


class FrozenArray(np.ndarray):
    """An array that optimisers skip. What is computed from it is an ordinary array."""

    __knetc_frozen__ = True

    def __array_wrap__(self, result: Any, context: Any = None, return_scalar: bool = False) -> Any:
        if result is self:  # the target of `+=` keeps its mark
            return result
        plain = result.view(np.ndarray)
        return plain[()] if return_scalar else plain


class FrozenFloat(float):
    """A number that is a setting: `self.eps = frozen(1e-5)`. What is computed from it is an ordinary number."""

    __slots__ = ()
    __knetc_frozen__ = True


def frozen(value: Any) -> Any:
    """Mark `value` as constant: gradients and optimisers skip every array in it.

    An array comes back as a view of the same memory (`np.asarray` thaws it), a list, tuple or dict as a new
    container of frozen items, a number as an equal one, any other object is marked itself and returned.

    Raises `ArgumentError` (KN409) for objects that take no attribute.

    >>> import numpy as np
    >>> w = frozen(np.ones(3))
    >>> is_frozen(w), is_frozen(w + 1), is_frozen(np.asarray(w))
    (True, False, False)
    """
    if isinstance(value, np.ndarray):
        return value.view(FrozenArray)
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(frozen(item) for item in value)
    if isinstance(value, (float, np.floating)):
        return FrozenFloat(value)
    if value is None or isinstance(value, (str, bytes, bool, int, complex)):
        return value  # constants as they are
    return _marked(value)


def is_frozen(value: Any) -> bool:
    """Whether training leaves `value` alone.

    >>> is_frozen([1.0])
    False
    """
    return getattr(value, MARK, False) is True


def _marked(value: Any) -> Any:
    try:
        object.__setattr__(value, MARK, True)
    except (AttributeError, TypeError) as error:
        raise ArgumentError(
            "KN409",
            f"`value` (a {type(value).__name__}) cannot be frozen: it takes no attributes",
            help=f"set `{MARK} = True` in its class",
        ) from error
    return value
