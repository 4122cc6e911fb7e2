"""Checks one op against central differences, straight through its entry in the registry: no compiler needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.ops.registry import Op, find
from knetc.runtime.broadcast import unbroadcast_like

STEP = 1e-5
RTOL = 1e-6
ATOL = 1e-9  # central differences round at about 1e-16 / STEP, whatever the size of the derivative


@dataclass(frozen=True)
class Case:
    """A call of an op: `function(*args, **options)`."""

    function: Any
    args: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    constant: tuple[int, ...] = ()  # arguments that the op is not meant to be differentiated in

    @property
    def op(self) -> Op:
        op = find(self.function)
        assert op is not None, f"{self.function} is not registered"
        return op

    def __str__(self) -> str:
        shown = [describe(a) for a in self.args] + [f"{k}={describe(v)}" for k, v in self.options.items()]
        return f"{self.op.name}({', '.join(shown)})"


def case(function: Any, *args: Any, constant: tuple[int, ...] = (), **options: Any) -> Case:
    return Case(function, args, options, constant)


def describe(x: Any) -> str:
    if isinstance(x, np.ndarray):
        return f"{x.dtype.kind}{list(x.shape)}"
    if isinstance(x, (list, tuple)):
        return f"({', '.join(map(describe, x))})"
    return getattr(x, "__name__", None) or repr(x)


def check(c: Case) -> None:
    """Compare every pullback with central differences of the result in a random direction."""
    y, bars = cotangents(c)
    g = direction(y)
    for i, x in enumerate(c.args):
        if i in c.constant or not floats(x):
            continue
        expected = numeric(c, i, g)
        if i in bars:
            same(bars[i], expected, x, str(c))
        else:
            assert all(np.all(e == 0) for e in leaves(expected)), f"{c}: argument {i} has no pullback"


def cotangents(c: Case, like: Any = lambda g: g) -> tuple[Any, dict[int, Any]]:
    """The result, and the cotangents of the arguments by position, for a random cotangent of the result.

    `like` makes that cotangent an array of the backend that the arguments belong to.
    """
    op = c.op
    if op.kind == "split":
        assert op.forward is not None
        assert op.backward is not None
        y, residual = op.forward(*c.args, **c.options)
        bars = op.backward(residual, like(direction(y)))
        indices = map(op.parameters.index, op.wrt)
        found = dict(zip(indices, bars if len(op.wrt) > 1 else [bars], strict=True))
        return y, {i: bar for i, bar in found.items() if i < len(c.args) and floats(c.args[i])}
    y = c.function(*c.args, **c.options)
    g = like(direction(y))
    return y, {i: pull(op, p, g, y, c, i) for i, p in places(op, c) if floats(c.args[i])}


def places(op: Op, c: Case) -> list[tuple[int, Any]]:
    """The arguments with a pullback; a starred parameter takes all arguments from its own on."""
    found = []
    for name, pullback in op.pullbacks.items():
        start = op.parameters.index(name)
        stop = len(c.args) if name == "operands" else start + 1
        found += [(i, pullback) for i in range(start, min(stop, len(c.args)))]
    return found


def pull(op: Op, pullback: Any, g: Any, y: Any, c: Case, i: int) -> Any:
    if op.kind == "linear":
        return pullback(g, *c.args, **c.options)
    if op.kind == "elementwise":
        return unbroadcast_like(g * pullback(y, *c.args, **c.options), c.args[i])
    bar = pullback(g, y, *c.args, **c.options)
    return bar[i - op.parameters.index("operands")] if "operands" in op.pullbacks else bar


def direction(y: Any) -> Any:
    """A cotangent like `y`, the same every time, of its dtype."""
    if isinstance(y, (list, tuple)):
        return [direction(part) for part in y]
    if y is None:
        return None
    values = np.random.default_rng(7).uniform(0.5, 2.0, np.shape(y))
    return float(values) if isinstance(y, (int, float)) else values.astype(y.dtype)[()]


def numeric(c: Case, i: int, g: Any) -> Any:
    """The cotangent of argument `i` by central differences, one element at a time."""

    def result(x: Any) -> float:
        return dot(c.function(*c.args[:i], x, *c.args[i + 1 :], **c.options), g)

    return differences(result, c.args[i])


def differences(f: Any, x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return [differences(lambda v, j=j: f([*x[:j], v, *x[j + 1 :]]), item) for j, item in enumerate(x)]
    if not floats(x):
        return None
    if isinstance(x, float):
        return (f(x + STEP) - f(x - STEP)) / (2 * STEP)
    bar = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += STEP
        down[index] -= STEP
        bar[index] = (f(up) - f(down)) / (2 * STEP)
    return bar


def dot(y: Any, g: Any) -> float:
    if isinstance(y, (list, tuple)):
        return sum(dot(part, bar) for part, bar in zip(y, g, strict=True) if part is not None)
    return float(np.sum(y * g))


def same(bar: Any, expected: Any, x: Any, message: str) -> None:
    if isinstance(x, (list, tuple)):
        assert type(bar) is type(x), message
        for part in zip(bar, expected, x, strict=True):
            same(*part, message)
        return
    if not floats(x):
        return
    assert np.shape(bar) == np.shape(x), message
    np.testing.assert_allclose(bar, expected, rtol=RTOL, atol=ATOL, err_msg=message)


def floats(x: Any) -> bool:
    """Whether there is anything to differentiate in an argument."""
    if isinstance(x, (list, tuple)):
        return any(map(floats, x))
    return isinstance(x, float) or getattr(getattr(x, "dtype", None), "kind", "") == "f"


def leaves(x: Any) -> list[Any]:
    """The arrays and numbers in a result or argument; None, the zero of a container's cotangent, is left out."""
    if isinstance(x, (list, tuple)):
        return [leaf for part in x for leaf in leaves(part)]
    return [] if x is None else [x]


def mapped(f: Any, x: Any) -> Any:
    """`f` applied to every array in an argument."""
    if isinstance(x, (list, tuple)):
        return type(x)(mapped(f, part) for part in x)
    return f(x) if isinstance(x, np.ndarray) else x


def strided(x: np.ndarray) -> np.ndarray:
    """An array of the same values whose memory is neither contiguous nor in order."""
    if x.ndim == 0:
        return x
    wide = np.zeros(tuple(2 * n for n in x.shape), x.dtype)
    view = wide[(slice(None, None, -2),) * x.ndim]
    view[...] = x
    return view
