"""Gradients of gradients: by recording the way back."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal
from knetc.ops import registry

W = np.array([[0.3, 0.5, 0.1], [0.7, 0.2, 0.4]])
V = np.array([[0.2, 0.1, 0.9], [0.4, 0.8, 0.3]])
X = np.array([0.3, 0.6, 0.9])


def loss(w, x):
    return np.sum(np.tanh(w @ x) ** 2) + w[0, 1] * w[1, 0]


def along(w, x, v):
    return np.sum(knetc.grad(loss)(w, x) * v)


def polynomial(x):
    return x**5 + np.sin(x)


def second(x):
    return knetc.grad(polynomial)(x)


def third(x):
    return knetc.grad(second)(x)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (second, lambda x: 20 * x**3 - np.sin(x)),
        (third, lambda x: 60 * x**2 - np.cos(x)),
    ],
)
def test_derivatives_of_any_order_of_a_function_of_a_number(f, expected):
    assert knetc.grad(f)(0.7) == pytest.approx(expected(0.7), rel=1e-12)


def test_a_hessian_times_a_vector_is_a_difference_of_gradients():
    gradient, step = knetc.grad(loss), 1e-5
    expected = (gradient(W + step * V, X) - gradient(W - step * V, X)) / (2 * step)

    np.testing.assert_allclose(knetc.grad(along)(W, X, V), expected, rtol=1e-8)


def test_levels_are_not_confused():
    def outer(x):
        return x * knetc.grad(lambda y: x + y)(x)

    assert knetc.grad(outer)(5.0) == 1.0


def test_value_and_gradient_inside():
    def outer(x):
        value, slope = knetc.value_and_grad(polynomial)(x)
        return value * slope

    x, step = 0.7, 1e-6
    expected = (outer(x + step) - outer(x - step)) / (2 * step)
    assert knetc.grad(outer)(x) == pytest.approx(expected, rel=1e-8)


def test_a_gradient_by_a_list_is_refused_inside():
    def outer(x):
        return knetc.grad(lambda ws: ws[0] * ws[1])([x, 2.0])[0]

    with pytest.raises(Refusal, match="`ws` is a list"):
        knetc.grad(outer)(0.7)


def test_a_store_inside_the_inner_function_is_refused():
    def inner(x):
        y = x * x
        z = y[1:]
        y[0] = z[0]
        return np.sum(y * z[0])

    with pytest.raises(Refusal, match="a store into an array"):
        knetc.grad(lambda x: np.sum(knetc.grad(inner)(x)))(X)


@knetc.primitive(x=lambda g, y, x: 2 * x * g.T)
def turned_square(x):
    return (x * x).T


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_operation_whose_result_is_a_view_of_something(order):
    def inner(w):
        y = turned_square(w)
        return np.sum(np.sin(y) * y[::-1])

    w = np.array(W, order=order)
    assert knetc.gradcheck(lambda w: np.sum(knetc.grad(inner)(w) * V), w)


def test_an_operation_with_a_backward_sweep_that_has_rules():
    def inner(w):
        return np.sum(knetc.dropout(w * w, 0.5, seed=1) * w)

    assert knetc.gradcheck(lambda w: np.sum(knetc.grad(inner)(w) * V), W)


def test_an_operation_with_a_backward_sweep_of_its_own_is_refused():
    once = registry.split(
        lambda x: x * x, lambda x: (x * x, 2 * x), lambda saved, g: g * saved, wrt=("x",)
    ).function
    try:
        with pytest.raises(Refusal, match=r"KN101 .* gradient of a function with `.*<lambda>`"):
            knetc.grad(lambda x: np.sum(knetc.grad(lambda x: np.sum(once(x)))(x)))(X)
    finally:
        del registry.OPS[once]
