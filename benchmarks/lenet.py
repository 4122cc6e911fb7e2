"""One training step of LeNet, batch 100 in float32: knetc beside numpy written by hand and PyTorch.

    OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2 python benchmarks/lenet.py --runs 20

A step is the loss, all gradients, and an update by gradient descent.
"""

from __future__ import annotations

import copy
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from timing import agree, compare, options, report

import knetc
from knetc.train.update import update

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
from lenet import Chain, Conv, Dense, identity

RATE = 0.01
Step = Callable[[], Any]


def model_and_batch() -> tuple[Chain, Any, Any]:
    knetc.seed(0)
    rng = np.random.default_rng(0)
    model = Chain(Conv(5, 5, 1, 20), Conv(5, 5, 20, 50), Dense(800, 500), Dense(500, 10, identity))
    return model, rng.random((100, 1, 28, 28), np.float32), rng.integers(0, 10, 100)


def weights(model: Chain) -> list[Any]:
    return [a for layer in model.layers for a in (layer.w, layer.b)]


# ---- knetc


def by_knetc(model: Chain, x: Any, y: Any) -> tuple[Step, Step]:
    """The gradients, and a step."""
    gradient = knetc.value_and_grad(Chain.__call__)
    optimiser = knetc.SGD(lr=RATE)

    def step():
        _, found = gradient(model, x, y)
        update(model, found, optimiser)

    return lambda: weights(gradient(model, x, y)[1]), step


# ---- numpy by hand: images are (N, H, W, C), so that every convolution is one product of matrices


def conv(w, b, x):
    k, c, *size = w.shape
    windows = sliding_window_view(x, size, axis=(1, 2))
    columns = windows.reshape(-1, c * size[0] * size[1])
    rows = columns @ w[:, :, ::-1, ::-1].reshape(k, -1).T + b.reshape(-1)
    return rows.reshape(*windows.shape[:3], k), columns


def conv_bars(w, columns, bar, image):
    k, c, height, width = w.shape
    rows = bar.reshape(-1, k)
    w_bar = (rows.T @ columns).reshape(w.shape)[:, :, ::-1, ::-1]
    if image is None:
        return w_bar, rows.sum(axis=0), None
    taps = (rows @ w[:, :, ::-1, ::-1].reshape(k, -1)).reshape(*bar.shape[:3], c, height, width)
    x_bar = np.zeros(image, bar.dtype)
    for i in range(height):
        for j in range(width):
            x_bar[:, i : i + bar.shape[1], j : j + bar.shape[2]] += taps[..., i, j]
    return w_bar, rows.sum(axis=0), x_bar


def pool(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))


def pool_bar(x, y, bar):
    n, h, w, c = y.shape
    won = x.reshape(n, h, 2, w, 2, c) == y[:, :, None, :, None]
    return (won * bar[:, :, None, :, None]).reshape(x.shape)


def gradients_by_hand(params: list[Any], x: Any, y: Any) -> list[Any]:
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    n = len(y)
    c1, columns1 = conv(w1, b1, np.moveaxis(x, 1, 3))
    p1 = pool(c1)
    h1 = np.maximum(p1, 0)
    c2, columns2 = conv(w2, b2, h1)
    p2 = pool(c2)
    h2 = np.moveaxis(np.maximum(p2, 0), 3, 1).reshape(n, -1)
    h3 = np.maximum(h2 @ w3 + b3, 0)
    scores = h3 @ w4 + b4

    bar = np.exp(scores - scores.max(axis=1, keepdims=True))
    bar /= bar.sum(axis=1, keepdims=True)
    bar[np.arange(n), y] -= 1
    bar /= n
    h3_bar = (bar @ w4.T) * (h3 > 0)
    h2_bar = (h3_bar @ w3.T) * (h2 > 0)
    p2_bar = np.moveaxis(h2_bar.reshape(n, p2.shape[3], *p2.shape[1:3]), 1, 3)
    w2_bar, b2_bar, h1_bar = conv_bars(w2, columns2, pool_bar(c2, p2, p2_bar), h1.shape)
    w1_bar, b1_bar, _ = conv_bars(w1, columns1, pool_bar(c1, p1, h1_bar * (p1 > 0)), None)
    dense = [h2.T @ h3_bar, h3_bar.sum(axis=0), h3.T @ bar, bar.sum(axis=0)]
    return [w1_bar, b1_bar.reshape(b1.shape), w2_bar, b2_bar.reshape(b2.shape), *dense]


def by_hand(model: Chain, x: Any, y: Any) -> tuple[Step, Step]:
    params = weights(model)

    def step():
        for w, g in zip(params, gradients_by_hand(params, x, y), strict=True):
            np.subtract(w, RATE * g, out=w)

    return lambda: gradients_by_hand(params, x, y), step


# ---- PyTorch


def by_torch(model: Chain, x: Any, y: Any, memory: str) -> tuple[Step, Step]:
    import torch
    from torch.nn import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential

    first, second, third, fourth = model.layers
    net = Sequential(
        *(Conv2d(1, 20, 5), MaxPool2d(2), ReLU(), Conv2d(20, 50, 5), MaxPool2d(2), ReLU()),
        *(Flatten(), Linear(800, 500), ReLU(), Linear(500, 10)),
    )
    with torch.no_grad():
        for place, layer in ((0, first), (3, second)):
            net[place].weight.copy_(torch.tensor(layer.w).flip(2, 3))
            net[place].bias.copy_(torch.tensor(layer.b).flatten())
        for place, layer in ((7, third), (9, fourth)):
            net[place].weight.copy_(torch.tensor(layer.w).T)
            net[place].bias.copy_(torch.tensor(layer.b))
    layout = {"memory_format": getattr(torch, memory)}
    net, images, labels = net.to(**layout), torch.tensor(x).to(**layout), torch.tensor(y)
    optimiser = torch.optim.SGD(net.parameters(), lr=RATE)

    def backward():
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()

    def step():
        backward()
        optimiser.step()

    def gradients():
        backward()
        w1, b1, w2, b2, w3, b3, w4, b4 = [p.grad for p in net.parameters()]
        convolutions = [w1.flip(2, 3), b1.reshape(1, -1, 1, 1), w2.flip(2, 3), b2.reshape(1, -1, 1, 1)]
        return [g.numpy() for g in [*convolutions, w3.T, b3, w4.T, b4]]

    return gradients, step


def main() -> None:
    """Check that all agree, then time them."""
    chosen = options("one training step of LeNet", runs=10)
    model, x, y = model_and_batch()
    ways = {
        "numpy by hand": by_hand(copy.deepcopy(model), x, y),
        "knetc": by_knetc(copy.deepcopy(model), x, y),
    }
    more = {}
    if importlib.util.find_spec("torch") is not None:
        import torch

        ways["torch"] = by_torch(model, x, y, "contiguous_format")
        ways["torch, channels last"] = by_torch(model, x, y, "channels_last")
        more["threads of torch"] = torch.get_num_threads()
    # Sums over 57,600 products in float32, each package in its own order.
    agree("LeNet", {way: gradients() for way, (gradients, _) in ways.items()}, rtol=1e-4)
    report(
        compare("LeNet step", {way: step for way, (_, step) in ways.items()}, chosen.runs),
        chosen.json,
        **more,
    )


if __name__ == "__main__":
    main()
