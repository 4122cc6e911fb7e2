"""Options whose derivative is not known are refused by the rules, by name."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from tests.ops.checker import case, cotangents

X = np.arange(6.0).reshape(2, 3)


def test_padding_with_copies():
    with pytest.raises(ArgumentError, match=r"KN325 np\.pad: the derivative for `mode`='edge' is not known"):
        cotangents(case(np.pad, X, 1, "edge"))


@pytest.mark.parametrize("order", [2, 1, np.inf, "nuc"])
def test_matrix_norms(order):
    with pytest.raises(
        ArgumentError, match=r"KN327 np\.linalg\.norm: the derivative of the matrix norm `ord`="
    ):
        cotangents(case(np.linalg.norm, X, order))


def test_einsum_with_lists_of_axes():
    with pytest.raises(ArgumentError, match=r"KN328 np\.einsum: .* the first argument is a ndarray"):
        cotangents(case(np.einsum, X, [0, 1], X, [0, 1]))


def test_an_option_that_a_rule_does_not_know():
    with pytest.raises(TypeError, match="where"):
        cotangents(case(np.sum, X, where=X > 1))
