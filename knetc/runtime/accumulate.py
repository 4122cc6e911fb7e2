"""Adding cotangents of any kind: numbers, arrays, containers, mirrors of objects, and None, which is zero."""

from __future__ import annotations

from typing import Any

from knetc.errors import Refusal
from knetc.runtime.mirror import Mirror, zero
from knetc.runtime.scatter import scatter_add


def accumulate(a: Any, b: Any) -> Any:
    """The sum of two cotangents of the same value; neither is changed.

    >>> accumulate([1.0, None], [2.0, 3.0])
    [3.0, 3.0]
    >>> accumulate(None, {"w": 1.0})
    {'w': 1.0}
    """
    if a is None:
        return b
    if b is None:
        return a
    if isinstance(a, dict):
        return a | {key: accumulate(a.get(key), value) for key, value in b.items()}
    if isinstance(a, list | tuple):
        return [accumulate(x, y) for x, y in zip(a, b, strict=True)]
    if isinstance(a, Mirror):
        return Mirror(**accumulate(a.__dict__, b.__dict__))
    return a + b


def filled(bar: Any, x: Any) -> Any:
    """The cotangent of a part `x` of a container: zeros if nothing has flowed into it.

    >>> filled(None, 2.5), filled(1.0, 2.5)
    (0.0, 1.0)
    """
    return zero(x) if bar is None else bar


def copied(bar: Any) -> Any:
    """A cotangent that may be added to in place, equal to `bar`."""
    match bar:
        case list() | tuple():
            return list(bar)
        case dict():
            return dict(bar)
        case Mirror():
            return Mirror(**bar.__dict__)
        case None:
            return None
        case _:
            return bar + 0.0


def add_item(bar: Any, index: Any, g: Any) -> Any:
    """Add `g` at `bar[index]`, in place: the adjoint of reading an item. Returns `bar`.

    >>> add_item([None, 1.0], 1, 2.0)
    [None, 3.0]
    """
    if g is None or bar is None:
        return bar
    if isinstance(bar, dict):
        bar[index] = accumulate(bar.get(index), g)
    elif isinstance(bar, list):
        _add_to_list(bar, index, g)
    elif isinstance(bar, Mirror):
        raise Refusal("KN101", ITEM_OF_OBJECT, help="write a method that returns the item, and call it")
    else:
        scatter_add(bar, index, g)
    return bar


ITEM_OF_OBJECT = "knetc cannot differentiate the subscript of an object whose class defines `__getitem__`"


def _add_to_list(bar: list[Any], index: Any, g: Any) -> None:
    if isinstance(index, slice):
        bar[index] = [accumulate(old, new) for old, new in zip(bar[index], g, strict=True)]
    else:
        bar[index] = accumulate(bar[index], g)


def add_attribute(bar: Any, name: str, g: Any) -> Any:
    """Add `g` at `bar.name`, in place: the adjoint of reading an attribute. Returns `bar`.

    The bar of an object is a `Mirror`; that of an array an array, of which only `.T` is differentiable.

    >>> import numpy as np
    >>> add_attribute(np.zeros((1, 2)), "T", np.ones((2, 1)))
    array([[1., 1.]])
    """
    if g is None or bar is None:
        return bar
    if isinstance(bar, Mirror):
        bar.__dict__[name] = accumulate(bar.__dict__.get(name), g)
    elif name == "T":
        bar += g.T
    else:
        raise Refusal("KN101", NO_ATTRIBUTE.format(name), help="use a function of numpy instead")
    return bar


NO_ATTRIBUTE = "knetc has no rule for the attribute `.{}` of an array"
