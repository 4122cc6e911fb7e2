"""Compares gradients with central differences: the check that every function and every rule has to pass.

Each float array and number in the arguments is moved to and fro along a random direction, and the difference quotient
of the result is compared with the gradient in that direction. One wrong element shows, at the cost of two evaluations
a leaf, whatever its size. A result that is not a scalar is multiplied by random weights and summed first.
"""

from __future__ import annotations

import copy
import inspect
import linecache
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.errors import DtypeError, KnetcError
from knetc.gradient import Gradient, Wrt
from knetc.runtime.mirror import is_array, is_number
from knetc.runtime.training import Training
from knetc.runtime.tree import differentiable, is_leaf, parts

Arguments = dict[str, Any]
Function = Callable[..., Any]


class GradcheckError(KnetcError, AssertionError):
    """A gradient that disagrees with central differences (also an AssertionError)."""


@dataclass(frozen=True)
class Leaf:
    """A float array or number inside a value: its path in words, the keys that lead to it, and itself."""

    path: str
    keys: tuple[Any, ...]
    value: Any


@dataclass(frozen=True)
class Tolerance:
    """How far off a slope may be, and the step with which it is measured."""

    rtol: float
    atol: float
    eps: float


@dataclass(frozen=True)
class Problem:
    """A function, as it was given and as one with a scalar result, and its arguments by parameter."""

    original: Function
    scalar: Function
    signature: inspect.Signature
    given: Arguments

    def value(self, keys: tuple[Any, ...], leaf: Any) -> float:
        """The scalar with one leaf replaced."""
        with Training():  # as its gradient does
            return float(_called(self.scalar, self.signature, _moved(self.given, keys, leaf)))


def gradcheck(
    f: Function,
    *args: Any,
    wrt: Wrt | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    eps: float = 1e-5,
    seed: int = 0,
    **kwargs: Any,
) -> bool:
    """Compare the gradient of `f` at these arguments with central differences, in float64.

    float32 arrays are checked as float64; lists, dicts, tuples and objects are checked in every float that they hold.
    `f` gets copies, so that nothing it does to its arguments is seen outside. Where `f` has a kink (`relu` at 0, the
    maximum of equals) or is random, the two differ by nature.

    Arguments:
        f: a function, method or callable object, or a function that `knetc.grad` has decorated.
        args, kwargs: its arguments.
        wrt: the arguments to check, as in `knetc.grad`; None for all that hold floats.
        rtol: the relative tolerance, at least 0.
        atol: the absolute tolerance for a result of about 1; it grows with the result, for whose rounding it stands.
        eps: the length of the step, above 0, times the largest element of the leaf where that is above 1.
        seed: of the random directions and weights.

    Returns True. Raises `GradcheckError` (KN502) that names the first leaf where they disagree, `DtypeError` (KN302)
    where there is no real number to check, and whatever `knetc.grad` and `f` raise.

    >>> def loss(w, x):
    ...     return np.sum(np.tanh(x @ w["hidden"]) * w["scale"])
    >>> gradcheck(loss, {"hidden": np.ones((2, 3)), "scale": 0.5}, np.array([[1.0, 2.0]]))
    True
    """
    if isinstance(f, Gradient):
        wrt = f.wrt if wrt is None else wrt
        f = f.function
    bound = inspect.signature(f).bind(*args, **kwargs)
    given = {name: _promoted(value, name) for name, value in bound.arguments.items()}
    names = _with_floats(f, given) if wrt is None else Gradient(f, wrt, value=False, source=None).wrt
    rng = np.random.default_rng(seed)
    problem = Problem(f, _scalar(f, bound.signature, given, rng), bound.signature, given)
    gradients = _called(Gradient(problem.scalar, names, value=False, source=None), bound.signature, given)
    for leaf in (leaf for name in names for leaf in _leaves(given[name], name, (name,))):
        direction = _unit(rng, leaf.value)
        analytic = float(np.sum(_at(dict(zip(names, gradients, strict=True)), leaf.keys) * direction))
        _compare(problem, leaf, direction, analytic, Tolerance(rtol, atol, eps))
    return True


def _compare(problem: Problem, leaf: Leaf, direction: Any, analytic: float, allowed: Tolerance) -> None:
    """Raise unless the slope along a direction is the difference quotient there."""
    step = allowed.eps * max(1.0, float(np.max(np.abs(leaf.value))))
    ahead, behind = (problem.value(leaf.keys, leaf.value + way * direction) for way in (step, -step))
    numeric = (ahead - behind) / (2 * step)
    tolerance = allowed.atol * max(1.0, abs(ahead)) + allowed.rtol * max(abs(analytic), abs(numeric))
    if not abs(analytic - numeric) <= tolerance:  # a nan on either side is a disagreement
        raise GradcheckError(
            "KN502",
            f"the gradient of `{_name(problem.original)}` with respect to `{leaf.path}` is {analytic:.9g} in a random "
            f"direction, but central differences give {numeric:.9g}",
            help="look for a kink or for random numbers at this point; a rule of your own may be wrong",
        )


# ---- one scalar


def _called(f: Function, signature: inspect.Signature, given: Arguments) -> Any:
    """`f` at copies of the arguments."""
    bound = inspect.BoundArguments(signature, copy.deepcopy(given))
    return f(*bound.args, **bound.kwargs)


def _scalar(
    f: Function, signature: inspect.Signature, given: Arguments, rng: np.random.Generator
) -> Function:
    """`f` itself if its result is a scalar, else the sum of its results, each times random weights."""
    out = _called(f, signature, given)
    if is_number(out) or (is_array(out) and out.shape == ()):
        return f
    leaves = list(_leaves(out, "out", ()))
    weights = [rng.standard_normal(np.shape(leaf.value)) for leaf in leaves]
    kinds = signature.parameters
    plain = inspect.Parameter.POSITIONAL_ONLY
    passed = ", ".join(name if kinds[name].kind is plain else f"{name}={name}" for name in given)
    total = " + ".join(f"np.sum(weights[{i}] * {leaf.path})" for i, leaf in enumerate(leaves)) or "0.0"
    text = f"def projected({', '.join(given)}):\n    out = f({passed})\n    return {total}\n"
    return _defined(text, {"f": f, "np": np, "weights": weights})


def _defined(text: str, names: Arguments) -> Function:
    """The function `projected` that a text defines, with its source where the compiler looks for it."""
    file = "<gradcheck>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), names)  # noqa: S102 - the text is made above
    found: Function = names["projected"]
    return found


# ---- leaves


def _with_floats(f: Function, given: Arguments) -> tuple[str, ...]:
    names = tuple(name for name, value in given.items() if differentiable(value))
    if not names:
        raise DtypeError(
            "KN302", f"no argument of `{_name(f)}` holds a float", help="pass floats, or arrays of floats"
        )
    return names


def _name(f: Function) -> str:
    name: str = getattr(f, "__name__", type(f).__name__)
    return name


def _leaves(tree: Any, path: str, keys: tuple[Any, ...], above: tuple[int, ...] = ()) -> Iterator[Leaf]:
    """The float arrays and numbers in a value; what is frozen has none."""
    if is_leaf(tree) or is_number(tree):
        if np.iscomplexobj(tree):
            message = f"`{path}` is complex, and only gradients of real numbers can be checked"
            raise DtypeError("KN302", message, help="pass the real and the imaginary part as two arrays")
        if np.size(tree):
            yield Leaf(path, keys, tree)
    elif id(tree) not in above:
        for step, key, value in parts(tree):
            yield from _leaves(value, path + step, (*keys, key), (*above, id(tree)))


def _promoted(tree: Any, path: str) -> Any:
    """A value with its floats in float64."""
    for leaf in list(_leaves(tree, path, ())):
        if is_array(leaf.value):
            tree = _moved(tree, leaf.keys, leaf.value.astype(np.float64))
    return tree


def _unit(rng: np.random.Generator, value: Any) -> Any:
    """A random direction of length 1."""
    direction = rng.standard_normal(np.shape(value))
    return direction / np.linalg.norm(direction)


def _moved(tree: Any, keys: tuple[Any, ...], leaf: Any) -> Any:
    """A value with another leaf; what leads to it is copied, so that nothing else that shares it changes."""
    if not keys:
        return leaf
    key, rest = keys[0], keys[1:]
    if isinstance(tree, tuple):
        items = [_moved(item, rest, leaf) if i == key else item for i, item in enumerate(tree)]
        return getattr(type(tree), "_make", tuple)(items)
    new = copy.copy(tree)
    if isinstance(tree, dict | list):
        new[key] = _moved(tree[key], rest, leaf)
    else:
        object.__setattr__(new, key, _moved(getattr(tree, key), rest, leaf))
    return new


def _at(tree: Any, keys: tuple[Any, ...]) -> Any:
    """The part of a gradient that belongs to a leaf."""
    for key in keys:
        tree = tree[key] if isinstance(tree, dict | list | tuple) else getattr(tree, key)
    return tree
