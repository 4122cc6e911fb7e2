from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import Chain, Dense, Linear
from knetc.testing import gradcheck


def test_a_linear_layer_multiplies_adds_and_activates():
    layer = Linear(3, 2, activation=np.tanh)
    layer.b += 0.5
    x = np.linspace(-1, 1, 12).reshape(2, 2, 3)

    np.testing.assert_allclose(layer(x), np.tanh(np.einsum("nti,oi->nto", x, layer.w) + layer.b), rtol=1e-12)


def test_a_layer_without_bias_has_none():
    layer = Linear(3, 2, bias=False)

    assert layer.b is None
    np.testing.assert_allclose(layer(np.eye(3)), layer.w.T, rtol=1e-7)


def test_a_dense_layer_takes_images():
    layer = Dense(12, 5)
    x = np.arange(24.0).reshape(2, 3, 2, 2)

    np.testing.assert_allclose(layer(x), x.reshape(2, 12) @ layer.w.T, rtol=1e-6)


def test_parameters_are_float32_and_drawn_by_init():
    layer = Linear(3, 2, init=lambda *shape: np.full(shape, 7.0))

    assert (layer.w.dtype, layer.b.dtype) == (np.float32, np.float32)
    assert (layer.w == 7).all()
    assert not layer.b.any()


@pytest.mark.parametrize("activation", [None, knetc.relu, np.tanh, lambda x: x * x])
@pytest.mark.parametrize("bias", [True, False])
def test_gradients_are_those_of_differences(activation, bias):
    knetc.seed(3)
    layer = Dense(6, 4, bias=bias, activation=activation)
    if bias:
        layer.b += 0.3
    x = np.random.default_rng(0).normal(size=(3, 2, 3))

    gradcheck(lambda layer, x: layer(x), layer, x)


def test_float32_stays_float32():
    gradient = knetc.grad(Chain.__call__)(Chain(Linear(3, 2)), np.ones((4, 3), np.float32), np.zeros(4, int))

    assert gradient[0].w.dtype == np.float32


@pytest.mark.parametrize("cls", [Linear, Dense])
@pytest.mark.parametrize("activation", ["relu", 3, Linear])
def test_an_activation_is_a_function(cls, activation):
    with pytest.raises(
        ArgumentError, match=rf"KN347 {cls.__name__}: `activation` is .*; expected a function or a layer"
    ):
        cls(3, 2, activation=activation)


def test_an_initialiser_fills_the_shape():
    message = r"KN347 Linear: `init` returned an array of shape \(2,\); expected \(2, 3\)"
    with pytest.raises(ArgumentError, match=message):
        Linear(3, 2, init=lambda outputs, inputs: np.zeros(outputs))


def test_a_width_that_does_not_fit_is_told_with_the_layer():
    model = Chain(Linear(4, 3), knetc.relu, Linear(5, 2))
    with pytest.raises(ShapeError, match="KN219 linear") as caught:
        model(np.zeros((7, 4)))

    assert caught.value.layer == "`layers[2]` of Chain, Linear(5 -> 2)  12 parameters"
