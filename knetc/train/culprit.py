"""An operation that made something not finite out of finite values, in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.ops.registry import Op

Array = Any


def bad(value: Any) -> bool:
    """Whether a number, or an element of an array, is nan or infinite.

    >>> bad(np.inf), bad(np.array([1.0, np.nan])), bad(3), bad("inf")
    (True, True, False, False)
    """
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc" and not np.isfinite(value).all()
    return isinstance(value, (float, complex, np.inexact)) and not np.isfinite(value)


def has_nan(value: Any) -> bool:
    """Whether a number, or an element of an array, is nan.

    >>> has_nan(np.array([1.0, np.nan])), has_nan(np.inf)
    (True, False)
    """
    return bad(value) and bool(np.isnan(value).any())


def told_element(path: str, value: Any) -> str:
    """What a number or an array holds that is not finite: its first nan, or else its first infinity.

    >>> told_element("y", np.array([np.inf, np.nan]))
    '`y` holds nan at [1]'
    """
    where = [int(i) for i in index_of_bad(value)]
    return f"`{path}` holds {value[tuple(where)]} at {where}" if where else f"`{path}` is {value}"


def index_of_bad(array: Array) -> tuple[Any, ...]:
    """The index of the first nan, or else of the first infinity.

    >>> [int(i) for i in index_of_bad(np.array([[1.0, 2.0], [np.inf, np.nan]]))]
    [1, 1]
    """
    wrong = np.isnan(array) if has_nan(array) else np.isinf(array)
    return np.unravel_index(int(np.argmax(wrong)), np.shape(array))


def told_value(entry: Any) -> str:
    """What an operation got, and what it gave: of its elements the first nan, or else the first infinity."""
    op: Op | None = getattr(entry, "op", None)
    if op is None:
        return f"a store wrote {_worst(entry.value)}"
    outputs = entry.value if isinstance(entry.value, (list, tuple)) else (entry.value,)
    y = np.asarray(next(part for part in outputs if bad(part)))
    where = index_of_bad(y)
    if op.kind == "elementwise":
        got = " and ".join(str(_element(arg, y.shape, where)) for arg in entry.args if _is_numeric(arg))
    else:
        got = " and ".join(_extent(arg) for arg in entry.args if _is_numeric(arg) and np.size(arg))
    return f"`{op.name}` got {got or 'its arguments'} and gave {y[where]}"


def told_derivative(
    op: Op, parameter: str, g: Any, y: Any, args: tuple[Any, ...], options: dict[str, Any]
) -> str:
    """What an operation got where its derivative is not finite."""
    if op.kind != "elementwise":
        return f"`{op.name}` gave {_extent(y)}; its derivative there is not finite"
    partial = op.pullbacks[parameter](y, *args, **options)
    product = np.asarray(g * partial)
    where, shape = index_of_bad(product), product.shape
    got = " and ".join(str(_element(arg, shape, where)) for arg in args if _is_numeric(arg))
    derivative = _element(partial, shape, where)
    if np.isfinite(derivative):
        return f"`{op.name}` got {got}; its derivative is {derivative:.3g}, times {_element(g, shape, where):.3g}"
    return f"`{op.name}` got {got}; its derivative is {derivative}"


def _is_numeric(arg: Any) -> bool:
    return isinstance(arg, (int, float, complex, np.number)) or (
        isinstance(arg, np.ndarray) and arg.dtype.kind in "fciub"
    )


def _element(arg: Any, shape: tuple[int, ...], where: tuple[Any, ...]) -> Any:
    return np.broadcast_to(arg, shape)[where]


def _worst(value: Any) -> Any:
    array = np.asarray(value)
    return array[index_of_bad(array)] if bad(array) else "something not finite"


def _extent(arg: Any) -> str:
    """A number, or the range of the numbers in an array."""
    if np.size(arg) == 1 or bad(arg):
        return str(_worst(arg)) if bad(arg) else str(np.reshape(arg, ())[()])
    return f"numbers from {np.min(arg):.3g} to {np.max(arg):.3g}"
