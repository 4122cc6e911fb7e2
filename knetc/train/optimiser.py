"""What all optimisers share: the rate, clipping, decay, and the memory of each array.

An optimiser is a dataclass of hyperparameters that says in `step` how one array moves. It owns the state of every
array that it has updated; nothing sticks to a parameter. So it can be used for one epoch after the other, a second
optimiser starts afresh, and a change of `optimiser.lr` takes effect at the next step.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from knetc.backends import array_module
from knetc.runtime.rows import Rows
from knetc.train.clip import clipped, global_scale
from knetc.train.memory import Array, Memory, State
from knetc.train.ranges import check_non_negative
from knetc.train.rows import step_on_rows

Rate = float | Callable[[int], float]
"""A learning rate, or a schedule: a function of the number of updates so far."""


class Move(NamedTuple):
    """An array that is to move, where it stands in the model, and its gradient."""

    path: str
    w: Array
    g: Array


@dataclass
class Optimiser:
    """Base class of optimisers: `apply` updates a whole model, `step` is what each of them does to one array.

    - `lr`: the learning rate, a number or a schedule `step -> lr` (the first step is 0).
    - `gclip` > 0: the gradient of each array is scaled down to this norm (Knet's).
    - `clip_norm` > 0: all gradients together are scaled down to this norm; before `gclip`.
    - `l2`: adds `l2 * w` to the gradient, as if `l2 / 2 * sum(w * w)` were part of the loss; after clipping.
    - `decay`: decoupled weight decay, `w -= lr * decay * w` (Loshchilov and Hutter, 2019).

    Of a gradient of a few rows (see `knetc.embed`) only these rows are updated, and what is remembered of them; with
    `l2` or `decay` all rows are.

    Raises `ArgumentError` (KN407) for an option out of range, and in an update for a schedule that gives such a rate.

    >>> class Sign(Optimiser):
    ...     def step(self, w, g, state, lr):
    ...         w -= lr * np.sign(g)
    >>> w = np.zeros(2)
    >>> Sign(lr=0.5).apply([Move("w", w, np.array([3.0, -4.0]))])
    >>> w.tolist()
    [-0.5, 0.5]
    """

    lr: Rate = 0.1
    _: KW_ONLY
    gclip: float = 0.0
    clip_norm: float = 0.0
    l2: float = 0.0
    decay: float = 0.0
    steps: int = field(default_factory=int, init=False, repr=False, compare=False)
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    arrays: ClassVar[tuple[str, ...]] = ()
    """The names of the arrays in the state, zero at first."""

    def __post_init__(self) -> None:
        if not callable(self.lr):
            check_non_negative("KN407", lr=self.lr)
        check_non_negative("KN407", gclip=self.gclip, clip_norm=self.clip_norm, l2=self.l2, decay=self.decay)

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        rate = self.lr(self.steps) if callable(self.lr) else self.lr
        check_non_negative("KN407", lr=rate)
        return float(rate)

    def clone(self) -> Self:
        """An optimiser with the same hyperparameters that remembers nothing.

        >>> from knetc.train.optim import Adam
        >>> Adam(lr=0.5).clone().lr
        0.5
        """
        return dataclasses.replace(self)

    def init(self, w: Array) -> State:
        """The state of an array before its first update."""
        return {name: np.zeros_like(w) for name in self.arrays}

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """Move `w` against its gradient `g`, in place."""
        raise NotImplementedError

    def apply(self, moves: Sequence[Move]) -> None:
        """One update of a whole model."""
        rate = self.rate
        scale = global_scale((move.g for move in moves), self.clip_norm)
        for path, w, gradient in moves:
            state = self.memory.of(path, w, self._fresh)
            g = clipped(gradient if scale == 1 else gradient * scale, self.gclip)
            if isinstance(g, Rows) and g.is_sparse and w.dtype.kind == "f" and not self.l2 and not self.decay:
                step_on_rows(self.step, w, g, state, rate)
            else:
                self._step_on_all(w, g, state, rate)
        self.steps += 1

    def _step_on_all(self, w: Array, g: Array, state: State, rate: float) -> None:
        if isinstance(g, Rows):
            g = g.whole
        if w.dtype.kind == "c":
            w, g = as_reals(w), as_reals(g)
        if self.l2:
            g = g + self.l2 * w
        if self.decay:
            w *= 1 - rate * self.decay
        self.step(w, g, state, rate)

    def _fresh(self, w: Array) -> State:
        return self.init(as_reals(w) if w.dtype.kind == "c" else w)


def as_reals(w: Array) -> Array:
    """A view of complex numbers as pairs of real ones, whatever the strides.

    >>> as_reals(np.array([1 + 2j, 3 + 4j])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    real = array_module(w).asarray(w).real
    strided: Any = array_module(w).lib.stride_tricks.as_strided
    return strided(real, (*w.shape, 2), (*real.strides, real.dtype.itemsize))
