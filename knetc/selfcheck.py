"""`knetc.config(check=True)`: the derivative in one random direction against a finite difference."""

from __future__ import annotations

import copy
import inspect
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import GradientError
from knetc.runtime.mirror import is_array, is_number
from knetc.runtime.rows import Rows
from knetc.runtime.training import Training
from knetc.runtime.tree import parts

STEPS = (1e-4, 1e-5)
TOLERANCE = 1e-3  # a wrong rule is off by far more; a difference in float64 is off by about 1e-7
TOLERANCE_SINGLE = 5e-2


def check_gradient(
    function: Callable[..., Any],
    signature: inspect.Signature,
    arguments: dict[str, Any],
    gradients: dict[str, Any],
) -> None:
    """Compare the gradients of `function` by some of its arguments with differences of its values.

    Where differences with two steps do not agree with each other (a kink, a random function, float32 noise) nothing
    can be said, and nothing is.

    Raises `GradientError` (KN503) if they agree with each other and not with the gradient.
    """
    rng = np.random.default_rng(0)
    directions = {name: _direction(gradient, rng) for name, gradient in gradients.items()}
    expected = sum(_product(gradients[name], directions[name]) for name in gradients)

    def slope(step: float) -> float:
        ends = []
        for h in (step, -step):
            moved = {name: _moved(arguments[name], d, h) for name, d in directions.items()}
            given = OrderedDict(copy.deepcopy(arguments) | moved)
            call = inspect.BoundArguments(signature, given)
            with Training():  # a gradient is that of the function in training
                ends.append(float(function(*call.args, **call.kwargs)))
        return (ends[0] - ends[1]) / (2 * step)

    single = any(_is_single(gradient) for gradient in gradients.values())
    found = [slope(step) for step in ((1e-2, 3e-3) if single else STEPS)]
    tolerance = TOLERANCE_SINGLE if single else TOLERANCE
    scale = tolerance * max(map(abs, found)) + tolerance * 1e-2
    if abs(found[0] - found[1]) <= scale < abs(found[1] - expected):
        message = f"the gradient of `{function.__name__}` is wrong: {expected:.6g} in a random direction, "
        raise GradientError(
            "KN503",
            message + f"where a finite difference gives {found[1]:.6g}",
            help="please report this; `knetc.gradcheck` tells which argument and element",
        )


def _is_single(gradient: Any) -> bool:
    if is_array(gradient) or isinstance(gradient, np.generic | Rows):
        return bool(gradient.dtype == np.float32)
    return any(_is_single(part) for _, _, part in parts(gradient))


def _direction(gradient: Any, rng: np.random.Generator) -> Any:
    """A random direction with the structure of a gradient: by key, None where there is nothing to move."""
    if is_array(gradient) or isinstance(gradient, Rows):
        return rng.standard_normal(gradient.shape).astype(gradient.dtype)
    if is_number(gradient):
        return rng.standard_normal()
    return {key: _direction(part, rng) for _, key, part in parts(gradient)}


def _product(gradient: Any, direction: Any) -> float:
    if not isinstance(direction, dict):
        return float(np.sum(gradient * direction))
    return sum(_product(part, direction[key]) for _, key, part in parts(gradient))


def _moved(value: Any, direction: Any, h: float) -> Any:
    """A copy of a value, moved by `h` in a direction."""
    if not isinstance(direction, dict) and is_array(value):
        out = value.copy(order="K")  # a function may see how memory lies
        out += (h * direction).astype(value.dtype)
        return out
    if not isinstance(direction, dict):
        return value + h * direction
    new = {key: _moved(part, direction[key], h) for _, key, part in parts(value) if key in direction}
    if isinstance(value, tuple):
        items = [new.get(i, part) for i, part in enumerate(value)]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    out = copy.copy(value)
    for key, part in new.items():
        if isinstance(value, (list, dict)):
            out[key] = part
        else:
            object.__setattr__(out, key, part)
    return out
