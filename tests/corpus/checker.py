"""Central differences of any function in any argument, however deeply the numbers lie in lists, dicts and objects."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.runtime.tree import attributes

Path = tuple[tuple[str, Any], ...]
STEP = 4e-4
RTOL = 1e-6
ATOL = 1e-8  # differences of values near 1 carry an error of about 1e-16 / STEP
SINGLE = 2e-3  # central differences in float32


def is_number(x: Any) -> bool:
    """A float or an array of floats."""
    return isinstance(x, float | np.floating) or getattr(getattr(x, "dtype", None), "kind", "") == "f"


def parts(x: Any) -> list[tuple[tuple[str, Any], Any]]:
    """The direct parts of a container or object, each with the step that leads to it."""
    match x:
        case dict():
            return [(("item", key), value) for key, value in x.items()]
        case list() | tuple():
            return [(("item", i), value) for i, value in enumerate(x)]
        case _ if (
            is_number(x) or isinstance(x, np.ndarray | np.ufunc) or inspect.isroutine(x) or inspect.isclass(x)
        ):
            return []
        case _:
            return [(("attribute", name), value) for name, value in attributes(x).items()]


def numbers(x: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    """The numbers and arrays in a value, each with its path."""
    if is_number(x):
        return [(path, x)]
    return [found for step, part in parts(x) for found in numbers(part, (*path, step))]


def part_at(x: Any, path: Path) -> Any:
    """What lies at the end of a path."""
    for kind, key in path:
        x = x[key] if kind == "item" else getattr(x, key)
    return x


def moved(x: Any, path: Path, delta: Any) -> Any:
    """A copy of a value in which the number at the end of a path is larger by `delta`."""
    if not path:
        if not isinstance(x, np.ndarray):
            return float(x + delta)
        out = np.empty_like(x, dtype=float)  # of the same memory order
        out[...] = x + delta
        return out
    (kind, key), *rest = path
    new = moved(part_at(x, path[:1]), tuple(rest), delta)
    if kind == "attribute":
        out = copy.copy(x)
        object.__setattr__(out, key, new)
        return out
    if isinstance(x, dict):
        out = copy.copy(x)
        out[key] = new
        return out
    items = [new if i == key else item for i, item in enumerate(x)]
    return type(x)(*items) if hasattr(x, "_fields") else type(x)(items)


def differences(f: Callable[[Any], float], x: Any) -> Any:
    """The derivative of `f(delta)` at 0 for each element of `x`, of fourth order in the step."""
    out = np.zeros(np.shape(x))
    for index in np.ndindex(out.shape):
        unit = np.zeros(out.shape)
        unit[index] = 1.0
        coarse, fine = (slope(f, unit[()], h) for h in (STEP, STEP / 2))
        out[index] = (4 * fine - coarse) / 3
    return out


def slope(f: Callable[[Any], float], unit: Any, h: float) -> float:
    return (f(h * unit) - f(-h * unit)) / (2 * h)


def assert_gradient(function: Any, call: inspect.BoundArguments, name: str, gradient: Any) -> None:
    """Compare a gradient by the parameter `name` with differences, number by number."""
    single = any(getattr(x, "dtype", None) == np.float32 for _, x in numbers(call.arguments))
    for path, x in numbers(call.arguments[name]):

        def f(delta: Any, path: Path = path) -> float:
            given = copy.deepcopy(call.arguments)
            given[name] = moved(given[name], path, delta)
            moved_call = inspect.BoundArguments(call.signature, given)
            return float(function(*moved_call.args, **moved_call.kwargs))

        expected = differences(f, np.asarray(x, float))
        got = part_at(gradient, path)
        assert np.shape(got) == np.shape(x)
        np.testing.assert_allclose(
            got, expected, rtol=SINGLE if single else RTOL, atol=SINGLE if single else ATOL
        )
