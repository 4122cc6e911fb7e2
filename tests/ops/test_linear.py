from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ShapeError
from knetc.ops import linear

rng = np.random.default_rng(0)
W, BIAS = rng.normal(size=(3, 4)), rng.normal(size=3)


@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 5, 4)])
def test_the_last_axis_is_mapped(shape):
    x = rng.normal(size=shape)
    np.testing.assert_allclose(linear(W, x), np.einsum("oi,...i->...o", W, x), rtol=1e-12)
    np.testing.assert_allclose(linear(W, x, BIAS), np.einsum("oi,...i->...o", W, x) + BIAS, rtol=1e-12)


def test_float32_stays_float32():
    assert (
        linear(W.astype(np.float32), np.ones((2, 4), np.float32), BIAS.astype(np.float32)).dtype == np.float32
    )


def test_the_gradient_of_a_matrix_is_written_as_by_hand():
    def loss(w, b, x):
        return np.sum(linear(w, x, b) ** 3)

    gradient = knetc.grad(loss, wrt=("w", "b"))
    gradient(W, BIAS, rng.normal(size=(5, 4)))
    assert "w_bar = linear_out_bar.T @ x" in gradient.source
    assert "b_bar = np.sum(linear_out_bar, axis=0)" in gradient.source


@pytest.mark.parametrize(("w", "x"), [((4, 3), (5, 4)), ((3, 4), ()), ((4,), (5, 4)), ((3, 4, 1), (5, 4))])
def test_weights_fit_their_input(w, x):
    with pytest.raises(ShapeError, match=r"KN219 linear: `w` has shape .* and `x` .*; expected \(out, in\)"):
        linear(np.ones(w), np.ones(x))


@pytest.mark.parametrize("bias", [np.ones(4), np.ones((1, 3)), 2.5])
def test_a_bias_has_a_number_for_each_output(bias):
    with pytest.raises(ShapeError, match=r"KN216 linear: `bias` has shape .*; expected \(3,\)"):
        linear(W, np.ones((5, 4)), bias)
