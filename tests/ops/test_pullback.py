"""Rules called on numbers, for whatever only the run can tell."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.ops import softmax
from knetc.ops.pullback import pullback

A = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.5]])
G = np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 0.25]])


@pytest.mark.parametrize(
    ("function", "parameter", "args", "options"),
    [
        (np.tanh, "x", (A,), {}),
        (np.multiply, "x1", (A, A + 1), {}),
        (np.true_divide, "x2", (A, A + 3), {}),
        (np.transpose, "a", (A,), {}),
        (np.sum, "a", (A,), {"axis": 0}),
        (np.matmul, "x1", (A, A.T + 0.5), {}),
        (softmax, "x", (A,), {"axis": 1}),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_pullback_agrees_with_differences(function, parameter, args, options):
    y = function(*args, **options)
    g = np.resize(G, np.shape(y))
    position = 1 if parameter == "x2" else 0
    found = pullback(function, parameter, g, y, *args, **options)

    def at(step, index):
        moved = [a.copy() for a in args]
        moved[position][index] += step
        return np.sum(g * function(*moved, **options))

    expected = [(at(1e-6, i) - at(-1e-6, i)) / 2e-6 for i in np.ndindex(args[position].shape)]
    np.testing.assert_allclose(np.ravel(found), expected, rtol=1e-6, atol=1e-9)  # some derivatives are zero


def test_what_was_stretched_is_summed():
    row, rows = np.ones(3), np.full((2, 3), 2.0)
    assert pullback(np.multiply, "x1", np.ones((2, 3)), row * rows, row, rows).tolist() == [4.0, 4.0, 4.0]
    assert pullback(np.multiply, "x1", np.ones(3), 2.0 * row, 2.0, row) == 3.0
