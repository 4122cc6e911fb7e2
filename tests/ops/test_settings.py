"""Settings of an operation, such as an eps: constants where an object holds them, refused where one asks for them."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal
from knetc.runtime.training import Training

X = np.random.default_rng(0).normal(size=(4, 6))


class Layer:
    def __init__(self, setting):
        self.w, self.setting = np.linspace(0.5, 1.5, 6), setting


class Drop(Layer):
    def __call__(self, x):
        return knetc.dropout(self.w * x, self.setting, seed=1)


class Normal(Layer):
    def __call__(self, x):
        return knetc.layernorm(x, self.w, eps=self.setting)


class Groups(Layer):
    def __call__(self, x):
        return knetc.groupnorm(x, 2, self.w, self.w, eps=self.setting)


class Roots(Layer):
    def __call__(self, x):
        return knetc.rmsnorm(x, self.w, eps=self.setting)


class Batches(Layer):
    def __call__(self, x):
        return knetc.batchnorm(x, None, (self.w, self.w), eps=self.setting)


LAYERS = [Drop(0.25), Normal(0.1), Groups(0.1), Roots(0.1), Batches(0.1)]


def compiled(layer, x):
    return np.sum(np.sin(layer(x)))


def recorded(layer, x):
    return sum(np.sum(np.sin(y)) for y in map(layer, (part for part in [x])))


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: type(layer).__name__)
@pytest.mark.parametrize("function", [compiled, recorded])
def test_a_setting_in_an_attribute_is_a_constant(layer, function):
    gradient = knetc.grad(function, wrt=("layer", "x"))
    found, x_bar = gradient(layer, X)
    moved = copy.copy(layer)

    def at(w):
        moved.w = w
        return compiled(moved, X)

    with Training():
        steps = [(at(layer.w + 1e-6 * e) - at(layer.w - 1e-6 * e)) / 2e-6 for e in np.eye(6)]
    assert ("tape" in gradient.source) == (function is recorded)
    assert found.setting == 0
    np.testing.assert_allclose(found.w, steps, rtol=1e-6, atol=1e-8)
    assert x_bar.any()


@pytest.mark.parametrize("record", [True, False])
def test_a_gradient_by_a_setting_itself_is_refused(record):
    def loss(eps):
        return np.sum(np.sin(knetc.layernorm(X, eps=eps)))

    with (
        knetc.config(record=record),
        pytest.raises(Refusal, match=r"(?s)KN101 .*`layernorm` with respect to `eps`"),
    ):
        knetc.grad(loss)(0.1)


def test_float32_stays_float32_where_a_setting_is_recorded():
    layer = Drop(0.25)
    layer.w = layer.w.astype(np.float32)

    assert knetc.grad(recorded)(layer, X.astype(np.float32)).w.dtype == np.float32
