"""Layers in programs that are recorded: the same gradients as where they are compiled."""

from __future__ import annotations

import numpy as np

import knetc
from knetc.nn import Chain, Conv, Dense, Pool, Residual
from knetc.runtime.tree import leaves

rng = np.random.default_rng(0)


def compiled(model, x, y):
    return model(x, y)


def recorded(model, x, y):
    def layers():
        yield from model.layers

    for layer in layers():
        x = layer(x)
    return model.loss(x, y)


def test_layers_are_recorded_as_they_are_compiled():
    knetc.seed(0)
    model = Chain(
        Conv(2, 4, 3, padding=(1, 1), stride=(1, 2), activation=np.tanh),
        Residual(Conv(4, 4, 3, padding="same", bias=False), knetc.elu),
        Pool((2, 1), op="mean"),
        Dense(4 * 3 * 3, 3),
    )
    for _, array in leaves(model):
        array[...] += 0.1 * rng.normal(size=array.shape)
    x, y = rng.normal(size=(5, 2, 6, 6)), rng.integers(0, 3, 5)
    first, second = (knetc.value_and_grad(f, wrt=("model", "x")) for f in (compiled, recorded))
    value, (bar, x_bar) = first(model, x, y)
    value_2, (bar_2, x_bar_2) = second(model, x, y)

    assert "tape" in second.source
    assert "tape" not in first.source
    np.testing.assert_allclose(value, value_2, rtol=1e-12)
    np.testing.assert_allclose(x_bar, x_bar_2, rtol=1e-12, atol=1e-15)
    for (path, array), (path_2, array_2) in zip(leaves(bar), leaves(bar_2), strict=True):
        assert path == path_2
        np.testing.assert_allclose(array, array_2, rtol=1e-5, atol=1e-7, err_msg=path)
