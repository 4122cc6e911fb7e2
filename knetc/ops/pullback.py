"""Calling a rule on numbers: for generated code whose rule depends on what only the run of the program can tell."""

from __future__ import annotations

from typing import Any

from knetc.ops.registry import OPS, Op
from knetc.runtime.broadcast import unbroadcast_like


def pullback(function: Any, parameter: str, g: Any, y: Any, /, *args: Any, **options: Any) -> Any:
    """The cotangent of one argument of `y = function(*args, **options)`, given the cotangent `g` of `y`.

    >>> import numpy as np
    >>> pullback(np.multiply, "x1", 2.0, np.ones(3), 3.0, np.ones(3))
    np.float64(6.0)
    """
    return pull(OPS[function], parameter, g, y, *args, **options)


def pull(op: Op, parameter: str, g: Any, y: Any, /, *args: Any, **options: Any) -> Any:
    """`pullback` of an operation that is known already."""
    rule = op.pullbacks[parameter]
    if op.kind == "elementwise":
        arg = args[op.parameters.index(parameter)]
        return unbroadcast_like(g * rule(y, *args, **options), arg)
    if op.kind == "linear":
        return rule(g, *args, **options)
    return rule(g, y, *args, **options)
