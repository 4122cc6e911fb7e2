"""Rules for the operators of lists and tuples, and for `+` of operands whose kind is known only at run time."""

from __future__ import annotations

import operator
from typing import Any

from knetc.ops.registry import Op, traceable
from knetc.runtime.accumulate import accumulate
from knetc.runtime.broadcast import unbroadcast_like


@traceable
def length(x: Any) -> int:
    """`len(x)`; generated code says so."""
    return len(x)


def concatenate_left(g: Any, z: Any, x: Any, y: Any) -> Any:
    """The cotangent of `x` in `x + y`: the first part."""
    return g[: length(x)]


def concatenate_right(g: Any, z: Any, x: Any, y: Any) -> Any:
    """The cotangent of `y` in `x + y`: the last part."""
    return g[length(x) :]


def add_left(g: Any, z: Any, x: Any, y: Any) -> Any:
    """The cotangent of `x` in `x + y`, whatever the two are."""
    return concatenate_left(g, z, x, y) if isinstance(x, list | tuple) else unbroadcast_like(g, x)


def add_right(g: Any, z: Any, x: Any, y: Any) -> Any:
    """The cotangent of `y` in `x + y`, whatever the two are."""
    return concatenate_right(g, z, x, y) if isinstance(x, list | tuple) else unbroadcast_like(g, y)


def repeat_items(g: Any, z: Any, x: Any, n: Any) -> Any:
    """The cotangent of the list `x` in `x * n`: what flows into every copy, summed."""
    total = g[: len(x)]
    for start in range(len(x), len(g), len(x)):
        total = accumulate(total, g[start : start + len(x)])
    return total


def repeated_items(g: Any, z: Any, n: Any, x: Any) -> Any:
    """The cotangent of the list `x` in `n * x`."""
    return repeat_items(g, z, x, n)


CONCATENATE = Op(
    "concatenate_items",
    operator.concat,
    "general",
    ("x", "y"),
    {"x": concatenate_left, "y": concatenate_right},
)
REPEAT = Op("repeat_items", operator.mul, "general", ("x", "n"), {"x": repeat_items})
REPEATED = Op("repeated_items", operator.mul, "general", ("n", "x"), {"x": repeated_items})
ADD = Op("add_items", operator.add, "general", ("x", "y"), {"x": add_left, "y": add_right})

LIST_OPERATORS = (CONCATENATE, REPEAT, REPEATED, ADD)
