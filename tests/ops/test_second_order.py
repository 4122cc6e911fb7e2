"""Gradients of gradients: every rule is made of operations that have rules themselves."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.ops import (
    bmm,
    conv,
    conv4,
    deconv,
    deconv4,
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    linear,
    mat,
    pool,
    relu,
    selu,
    sigm,
    softplus,
    swish,
    unpool,
    zeropad,
)
from knetc.ops.bias import add_bias

rng = np.random.default_rng(0)


def some(*shape):
    return rng.uniform(-1.0, 1.0, shape)


X = some(1, 3, 4, 6)
FILTERS = some(4, 3, 3, 2)
CASES = {
    "conv4": (lambda w, x: conv4(w, x, padding="same", stride=2), FILTERS, X),
    "conv4 with groups": (lambda w, x: conv4(w, x, padding=((1, 0), 2), group=3), some(6, 1, 2, 2), X),
    "depthwise": (lambda w, x: conv4(w, x, dilation=2, group=3), some(3, 1, 2, 2), X),
    "deconv4": (lambda w, x: deconv4(w, x, stride=2, output_padding=1), some(3, 2, 2, 2), X),
    "conv": (lambda w, x, b: conv(w, x, bias=b, activation=np.tanh), FILTERS, X, some(4)),
    "deconv": (lambda w, x: deconv(w, x, activation=gelu), some(3, 2, 2, 2), X),
    "add_bias": (add_bias, X, some(3)),
    "pool": (pool, X),
    "mean": (lambda x: pool(x, window=3, padding=1, mode=2), X),
    "unpool": (lambda x: unpool(x, window=3, padding=1, mode=1), X),
    "zeropad": (lambda x: np.sin(zeropad(x, ((1, 0), 2))), X),
    "linear": (linear, some(5, 6), X),
    "linear with a bias": (linear, some(5, 6), X[0, 0], some(5)),
    "bmm": (lambda a, b: bmm(a, b, transA=True), some(2, 3, 4), some(2, 3, 2)),
    "mat": (mat, X),
    "leaky relu": (lambda x: relu(x, negative_slope=0.1, max_value=0.5), X),
    **{
        f.__name__: (f, 3 * X) for f in (elu, gelu, hardsigmoid, hardswish, relu, selu, sigm, softplus, swish)
    },
}


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_of_a_gradient_agrees_with_central_differences(name):
    function, *args = CASES[name]
    wrt = tuple(range(len(args)))

    def one(x):
        return np.sum(np.sin(knetc.grad(lambda x: np.sum(function(x) ** 3))(x)))

    def two(x, y):
        a, b = knetc.grad(lambda x, y: np.sum(function(x, y) ** 3), wrt=wrt)(x, y)
        return np.sum(np.sin(a)) + np.sum(np.sin(b))

    def three(x, y, z):
        a, b, c = knetc.grad(lambda x, y, z: np.sum(function(x, y, z) ** 3), wrt=wrt)(x, y, z)
        return np.sum(np.sin(a)) + np.sum(np.sin(b)) + np.sum(np.sin(c))

    assert knetc.gradcheck((one, two, three)[len(args) - 1], *args)
