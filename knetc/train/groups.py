"""Other optimisers for parts of a model: another rate, no decay for biases, frozen layers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from knetc.errors import ArgumentError
from knetc.runtime.tree import leaves
from knetc.train.clip import global_scale
from knetc.train.memory import Array
from knetc.train.optimiser import Move, Optimiser
from knetc.train.ranges import check_non_negative


class Groups:
    """`default` for the whole model, but for the parts for which `choices` say something else: pairs (what, optimiser).

    What a choice is about is one of

    - a path: "layers[0]" is all that stands there, `*` stands for anything: "*.b" is every attribute `b`;
    - an array, layer or container of the model itself;
    - a function `(path, array) -> bool`, such as `lambda path, w: w.ndim < 2`.

    The first choice that fits an array counts; None as an optimiser freezes what it is about. Every optimiser keeps
    its own options, and clips its own arrays; `clip_norm` clips the gradients of all of them together, those of frozen
    parts left out.

    Raises `ArgumentError` (KN407, KN418) for an impossible choice, and in an update (KN418) for one that fits nothing.

    >>> import numpy as np
    >>> from knetc.train.optim import SGD
    >>> from knetc.train.update import update
    >>> w = {"body": np.zeros(1), "head": [np.zeros(1), np.zeros(1)]}
    >>> optimiser = Groups(SGD(lr=0.5), ("['body']", None), (w["head"][0], SGD(lr=0.25)))
    >>> update(w, {"body": np.ones(1), "head": [np.ones(1), np.ones(1)]}, optimiser)
    >>> w
    {'body': array([0.]), 'head': [array([-0.25]), array([-0.5])]}
    """

    def __init__(self, default: Any, *choices: Any, clip_norm: float = 0.0) -> None:
        check_non_negative("KN407", clip_norm=clip_norm)
        for choice in choices:
            if not isinstance(choice, tuple) or len(choice) != 2:
                message = f"a choice is {choice!r}; expected a pair (what, optimiser)"
                raise ArgumentError("KN418", message, help='Groups(Adam(), ("*.b", SGD(0.1)))')
        for optimiser in (default, *(chosen for _, chosen in choices)):
            if optimiser is not None and not isinstance(optimiser, Optimiser):
                message = f"the optimiser of a group is {optimiser!r}; expected one such as Adam(), or None"
                raise ArgumentError("KN418", message, help='Groups(Adam(), ("*.b", SGD(0.1)))')
        self.default = default
        self.choices = choices
        self.clip_norm = clip_norm

    def __repr__(self) -> str:
        pairs = "".join(
            f", ({what if isinstance(what, str) else type(what).__name__}, {o})" for what, o in self.choices
        )
        return f"Groups({self.default}{pairs}, clip_norm={self.clip_norm})"

    def clone(self) -> Groups:
        """The same groups, with clones of their optimisers."""
        default = self.default and self.default.clone()
        choices = [(what, optimiser and optimiser.clone()) for what, optimiser in self.choices]
        return Groups(default, *choices, clip_norm=self.clip_norm)

    def apply(self, moves: list[Move]) -> None:
        """One update of a whole model."""
        chosen = self._chosen(moves)
        groups = [
            (optimiser, [move for move, number in zip(moves, chosen, strict=True) if number == i])
            for i, (_, optimiser) in enumerate([*self.choices, (None, self.default)])
        ]
        moved = [(optimiser, group) for optimiser, group in groups if optimiser is not None and group]
        scale = global_scale((move.g for _, group in moved for move in group), self.clip_norm)
        for optimiser, group in _merged(moved):
            optimiser.apply(group if scale == 1 else [move._replace(g=move.g * scale) for move in group])

    def _chosen(self, moves: list[Move]) -> list[int]:
        """The number of the choice for each array: that of the default is one more than the last."""
        tests = [_test(what) for what, _ in self.choices]
        fits = [[test(move.path, move.w) for test in tests] for move in moves]
        for i, (what, _) in enumerate(self.choices):
            if not any(row[i] for row in fits):
                paths = ", ".join(move.path or "model" for move in moves[:6])
                shown = what if isinstance(what, str) else f"{type(what).__name__} of choice {i}"
                message = f"`{shown}` fits none of the arrays that are trained"
                raise ArgumentError("KN418", message, help=f"their paths are {paths}")
        return [next((i for i, fit in enumerate(row) if fit), len(tests)) for row in fits]


def _merged(groups: list[tuple[Optimiser, list[Move]]]) -> list[tuple[Optimiser, list[Move]]]:
    """An optimiser that stands in several choices counts one step."""
    found: dict[int, tuple[Optimiser, list[Move]]] = {}
    for optimiser, group in groups:
        found.setdefault(id(optimiser), (optimiser, []))[1].extend(group)
    return list(found.values())


def _test(what: Any) -> Callable[[str, Array], bool]:
    """Whether a choice is about an array at a path."""
    if isinstance(what, str):
        pattern = re.compile(re.escape(what).replace(r"\*", ".*") + r"(?=[.\[]|$)")
        return lambda path, _: pattern.match(path) is not None
    arrays = {id(w) for _, w in leaves(what)}
    if not arrays and callable(what):
        return lambda path, w: bool(what(path, w))
    return lambda _, w: id(w) in arrays
