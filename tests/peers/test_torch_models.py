"""Whole models with the same weights: the loss and every gradient are PyTorch's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import knetc
from examples.lenet import Chain, Conv, Dense, identity
from knetc import nll

pytestmark = pytest.mark.peers("torch")


def tensors(torch, arrays):
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def assert_same(gradients, inputs):
    for gradient, tensor in zip(gradients, inputs, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-9, atol=1e-13)


def test_lenet(torch, rng):
    model = Chain(Conv(5, 5, 1, 20), Conv(5, 5, 20, 50), Dense(800, 500), Dense(500, 10, identity))
    for layer in model.layers:
        layer.w, layer.b = layer.w.astype(float), rng.normal(size=layer.b.shape) / 10
    x, y = rng.normal(size=(8, 1, 28, 28)), rng.integers(0, 10, 8)
    value, gradient = knetc.value_and_grad(lambda model, x, y: model(x, y))(model, x, y)

    weights = tensors(torch, [layer.w for layer in model.layers])
    biases = tensors(torch, [layer.b for layer in model.layers])
    h = torch.tensor(x)
    for w, b in zip(weights[:2], biases[:2], strict=True):
        h = torch.relu(torch.max_pool2d(torch.conv2d(h, w.flip(2, 3)) + b, 2))
    h = torch.relu(h.flatten(1) @ weights[2] + biases[2])
    loss = torch.nn.functional.cross_entropy(h @ weights[3] + biases[3], torch.tensor(y))
    loss.backward()

    np.testing.assert_allclose(value, loss.item(), rtol=1e-12)
    assert_same([layer.w for layer in gradient.layers], weights)
    assert_same([layer.b for layer in gradient.layers], biases)


def mlp(params, x, y):
    for w, b in params[:-1]:
        x = np.maximum(x @ w + b, 0)
    w, b = params[-1]
    return nll(x @ w + b, y)


def test_mlp(torch, rng):
    sizes = [6, 16, 8, 3]
    params = [(rng.normal(size=(i, o)), rng.normal(size=o)) for i, o in itertools.pairwise(sizes)]
    x, y = rng.normal(size=(10, 6)), rng.integers(0, 3, 10)
    value, gradient = knetc.value_and_grad(mlp)(params, x, y)

    flat = tensors(torch, [a for pair in params for a in pair])
    h = torch.tensor(x)
    for w, b in zip(flat[0:-2:2], flat[1:-2:2], strict=True):
        h = torch.relu(h @ w + b)
    loss = torch.nn.functional.cross_entropy(h @ flat[-2] + flat[-1], torch.tensor(y))
    loss.backward()

    np.testing.assert_allclose(value, loss.item(), rtol=1e-12)
    assert_same([a for pair in gradient for a in pair], flat)


def rnn(params, h, xs, y):
    for x in xs:
        h = np.tanh(x @ params["wx"] + h @ params["wh"] + params["b"])
    return nll(h @ params["wy"], y)


def test_rnn(torch, rng):
    params = {
        "wx": rng.normal(size=(4, 5)),
        "wh": rng.normal(size=(5, 5)) / 2,
        "b": rng.normal(size=5),
        "wy": rng.normal(size=(5, 3)),
    }
    h, xs, y = rng.normal(size=(2, 5)), [rng.normal(size=(2, 4)) for _ in range(6)], np.array([0, 2])
    value, (gradient, h_bar, xs_bar) = knetc.value_and_grad(rnn, wrt=("params", "h", "xs"))(params, h, xs, y)

    theirs = dict(zip(params, tensors(torch, params.values()), strict=True))
    start, *steps = tensors(torch, [h, *xs])
    state = start
    for x in steps:
        state = torch.tanh(x @ theirs["wx"] + state @ theirs["wh"] + theirs["b"])
    loss = torch.nn.functional.cross_entropy(state @ theirs["wy"], torch.tensor(y))
    loss.backward()

    np.testing.assert_allclose(value, loss.item(), rtol=1e-12)
    assert_same([*gradient.values(), h_bar, *xs_bar], [*theirs.values(), start, *steps])
