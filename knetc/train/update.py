"""One step on a whole model: every float array in it moves against its gradient, in place, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.tree import is_leaf, leaves, parts
from knetc.train.memory import Array
from knetc.train.optim import SGD
from knetc.train.optimiser import Move

Arrays = dict[int, Array]
"""Arrays by identity."""
Plan = list[tuple["Updating", list[Move]]]
MATCH = "pass the gradient of this very model, which has the same structure"


class Updating(Protocol):
    """What `update` and `minimize` ask of an optimiser."""

    def apply(self, moves: list[Move]) -> None:
        """Update the arrays of a model."""


def update(model: Any, gradient: Any, optimiser: Any = None) -> None:
    """One step of `optimiser` (`SGD()` without one) on the float arrays of `model`, in place.

    `model` is an array, an object, a list, tuple or dict; `gradient` has its structure, with None where nothing is to
    move. A list, tuple or dict of optimisers gives each part of the model its own. An array that occurs several times
    (tied weights) is updated once, by the sum of its gradients.

    Raises `ShapeError` (KN410) where model and gradient do not match, and `ArgumentError` (KN412 for an array that is
    read-only, KN416 for optimisers that do not match); nothing has been changed then.

    >>> import numpy as np
    >>> w = [np.array([1.0])]
    >>> update([w, w], [[np.array([1.0])], [np.array([2.0])]], SGD(lr=1.0))
    >>> w[0].tolist()
    [-2.0]
    """
    for chosen, found in _plan(model, gradient, SGD() if optimiser is None else optimiser, ""):
        chosen.apply(found)


def moves(model: Any, gradient: Any, path: str = "", among: Arrays | None = None) -> list[Move]:
    """Every array of the model once, with the sum of its gradients. Raises KN410 and KN412 as `update` does.

    Arrays that are not `among` these are passed over: a loss may have put them into the model.

    >>> import numpy as np
    >>> moves({"w": np.zeros(1), "n": 3}, {"w": np.ones(1), "n": None})
    [Move(path="['w']", w=array([0.]), g=array([1.]))]
    """
    found: dict[int, Move] = {}
    for place, w, g in _matched(model, gradient, path, (), among):
        known = found.get(id(w))
        found[id(w)] = Move(place.removeprefix("."), w, g) if known is None else known._replace(g=known.g + g)
    return list(found.values())


def _plan(model: Any, gradient: Any, optimiser: Any, path: str) -> Plan:
    """Which optimiser updates what; those in a container each a part of the model."""
    if not isinstance(optimiser, (list, tuple, dict)):
        return [(optimiser, moves(model, gradient, path))]
    own, gradients, given = (_by_key(tree) for tree in (model, gradient, optimiser))
    if own.keys() != given.keys():
        raise ArgumentError(
            "KN416",
            f"`optimiser` is for {_keys(given)}, but `{path.removeprefix('.') or 'model'}` holds {_keys(own)}",
            help="give each part its optimiser, or one optimiser for all",
        )
    if gradient is None:
        return []
    return [
        entry
        for step, part in own.items()
        for entry in _plan(part, gradients.get(step), given[step], path + step)
    ]


def _matched(
    w: Any, g: Any, path: str, above: tuple[int, ...], among: Arrays | None
) -> Iterator[tuple[str, Array, Array]]:
    """The arrays of a model and of a gradient side by side."""
    if g is None or id(w) in above:
        return
    if is_leaf(w):
        if among is not None and id(w) not in among:
            return
        _check(path, w, g)
        yield path, w, g
        return
    own, found = _by_key(w), _by_key(g)
    for step in found.keys() - own.keys():
        if among is None and leaves(found[step]):
            there = _shown(path + step)
            raise ShapeError("KN410", f"the gradient has `{there}`, which the model lacks", help=MATCH)
    for step, part in own.items():
        if step in found:
            yield from _matched(part, found[step], path + step, (*above, id(w)), among)
        else:
            _check_nothing_there(part, path + step, among)


def _by_key(tree: Any) -> dict[str, Any]:
    return {step: part for step, _, part in parts(tree)}


def _keys(tree: dict[str, Any]) -> str:
    return ", ".join(_shown(step) for step in tree) or "no parts"


def _check(path: str, w: Array, g: Array) -> None:
    shape = getattr(g, "shape", None)
    if shape != w.shape:
        told = f"is a {type(g).__name__}" if shape is None else f"has {shape}"
        message = f"`{_shown(path)}` has the shape {w.shape}, its gradient {told}"
        raise ShapeError("KN410", message, help=MATCH)
    if not getattr(w.flags, "writeable", True):
        raise ArgumentError(
            "KN412",
            f"`{_shown(path)}` is read-only, so it cannot be updated",
            help="train a copy, as in param(array), or leave it out by knetc.frozen",
        )


def _check_nothing_there(part: Any, path: str, among: Arrays | None) -> None:
    for inner, w in leaves(part):
        if among is not None and id(w) not in among:
            continue
        dotted = f"{path}.{inner}" if inner and inner[0] != "[" else path + inner
        message = f"`{_shown(dotted)}` has the shape {w.shape}, its gradient is missing"
        raise ShapeError("KN410", message, help=MATCH)


def _shown(path: str) -> str:
    return path.removeprefix(".") or "model"
