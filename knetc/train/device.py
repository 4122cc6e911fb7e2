"""`to_device` and `to_host`: deep copies of whatever holds arrays, with the arrays on a GPU or in main memory."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from knetc.backends import array_module, is_device_array
from knetc.errors import ArgumentError
from knetc.runtime.frozen import is_frozen
from knetc.train.extras import imported
from knetc.train.structure import attributes, is_array

T = TypeVar("T")


def to_device(value: T, module: Any = None) -> T:
    """A deep copy of `value` with its arrays in the memory of a GPU (Knet's `gpucopy`).

    `value` is an array, or anything made of them: a model, its optimiser, a tuple of batches. Arrays that occur twice
    are one array in the copy as well; those on the device already are copied there; arrays of strings or objects stay
    with numpy. `module` is the array module of the device, cupy without one.

    Raises `PackageError` (KN426) without cupy and `ArgumentError` (KN409) for a frozen array, which only numpy has.

    >>> to_device([np.ones(2), "text"], module=np)
    [array([1., 1.]), 'text']
    """
    xp = imported("cupy", "cupy") if module is None else module

    def moved(array: Any) -> Any:
        if is_device_array(array) or array.dtype.kind not in "fciub":
            return array.copy()
        if is_frozen(array):
            msg = f"a frozen array of the shape {array.shape} cannot leave numpy"
            raise ArgumentError("KN409", msg, help="freeze the object that holds it instead")
        return xp.asarray(array) if xp is not np else array.copy()

    return _copied(value, moved)


def to_host(value: T) -> T:
    """A deep copy of `value` with all its arrays in main memory, as arrays of numpy (Knet's `cpucopy`).

    >>> w = np.zeros(2)
    >>> tied = to_host({"a": w, "b": w})
    >>> tied["a"] is tied["b"], tied["a"] is w
    (True, False)
    """
    return _copied(
        value, lambda array: array_module(array).asnumpy(array) if is_device_array(array) else array.copy()
    )


def _copied(value: T, move: Callable[[Any], Any]) -> T:
    """A deep copy, of which the arrays have been made beforehand."""
    found = {id(array): array for array in _arrays(value)}
    return copy.deepcopy(value, {key: move(array) for key, array in found.items()})


def _arrays(value: Any) -> Iterator[Any]:
    """All arrays that are reached through items and attributes, frozen ones and integers included."""
    seen: dict[int, Any] = {}
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, (str, bytes, int, float, type)):
            continue
        seen[id(part)] = part
        if is_array(part):
            yield part
            continue
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, (list, tuple, set, frozenset)):
            waiting += part
        waiting += (attributes(part) or {}).values()
