"""An update of a few rows of a matrix: the others, and what is remembered of them, rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.runtime.rows import Rows

Array = Any


def step_on_rows(
    step: Callable[[Array, Array, dict[str, Any], float], None],
    w: Array,
    g: Rows,
    state: dict[str, Any],
    rate: float,
) -> None:
    """One `step` on the rows of `w` that the gradient `g` holds, in place.

    An array in the state that has the shape of `w` belongs to its rows, anything else (a count of steps) to all of
    them together. To SGD and Adagrad, for which an element without gradient rests, this is the same as a step on the
    whole; to an optimiser with momentum it is what PyTorch calls SparseAdam: a row that is not read does not coast.

    >>> def sgd(w, g, state, rate):
    ...     w -= rate * g
    >>> w = np.zeros((3, 1))
    >>> step_on_rows(sgd, w, Rows((3, 1), np.array([2, 2]), np.ones((2, 1))), {}, 1.0)
    >>> w.tolist()
    [[0.0], [0.0], [-2.0]]
    """
    ids, values = g.summed()
    of_rows = [name for name, part in state.items() if np.shape(part) == w.shape]
    rows = w[ids]
    kept = state | {name: state[name][ids] for name in of_rows}
    step(rows, values, kept, rate)
    w[ids] = rows
    for name, part in kept.items():
        if name in of_rows:
            state[name][ids] = part
        else:
            state[name] = part
