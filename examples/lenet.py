"""LeNet on MNIST: Knet's example, line for line, in plain Python.

    python examples/lenet.py             60,000 digits, 3 epochs
    python examples/lenet.py --quick     2,000 digits that come with knetc, no network, under a minute

A layer is any object that can be called; there is no class to inherit from.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import knetc
from knetc import accuracy, adam, conv4, mat, minibatch, ncycle, nll, param, param0, pool, progress, relu
from knetc.datasets import mnist
from knetc.errors import KnetcError
from knetc.runtime.atomic import replacing


class Conv:
    def __init__(self, w1, w2, cx, cy, f=relu):
        self.w, self.b, self.f = param(cy, cx, w1, w2), param0(1, cy, 1, 1), f

    def __call__(self, x):
        return self.f(pool(conv4(self.w, x) + self.b))


class Dense:
    def __init__(self, i, o, f=relu):
        self.w, self.b, self.f = param(i, o), param0(o), f

    def __call__(self, x):
        return self.f(mat(x) @ self.w + self.b)


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x, y=None):
        for layer in self.layers:
            x = layer(x)
        return x if y is None else nll(x, y)


def identity(x):
    return x


def train(epochs: int, *, quick: bool) -> tuple[Chain, list[float], Any]:
    """The trained model, the loss of every step, and the batches of the test digits."""
    xtrn, ytrn, xtst, ytst = mnist(subset=quick)
    dtrn, dtst = minibatch(xtrn, ytrn, 100, shuffle=True), minibatch(xtst, ytst, 100)
    lenet = Chain(Conv(5, 5, 1, 20), Conv(5, 5, 20, 50), Dense(800, 500), Dense(500, 10, identity))
    losses = list(progress(adam(lenet, ncycle(dtrn, epochs))))
    return lenet, losses, dtst


def draw(lenet: Chain, losses: list[float], data: Any, path: Path) -> None:
    """The learning curve, and 40 test digits with what the model takes them for."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subfigures(1, 2)
    curve = left.subplots()
    curve.semilogy(losses, linewidth=0.5)
    curve.set(xlabel="step", ylabel="training loss")

    x, y = next(iter(data))
    guesses = lenet(x).argmax(axis=1)
    for cell, digit, label, guess in zip(right.subplots(5, 8).flat, x, y, guesses, strict=False):
        cell.imshow(digit[0], cmap="gray_r")
        cell.set_title(guess, color="black" if guess == label else "red", fontsize=9)
        cell.axis("off")
    with replacing(path) as file:
        figure.savefig(file, format="png", dpi=100)


def main() -> None:
    """Train, report, draw; the last line is the accuracy on the test digits."""
    parser = argparse.ArgumentParser(description="LeNet on MNIST")
    parser.add_argument("--quick", action="store_true", help="train on 1,500 bundled digits; no network")
    parser.add_argument("--epochs", type=int, help="passes over the data (3; 20 if quick)")
    parser.add_argument("--seed", type=int, default=0, help="of the parameters and the order of the data")
    parser.add_argument("--out", type=Path, default=Path("lenet.png"), help="the picture to write")
    options = parser.parse_args()

    knetc.seed(options.seed)
    start = time.perf_counter()
    epochs = options.epochs or (20 if options.quick else 3)
    lenet, losses, dtst = train(epochs, quick=options.quick)
    print(f"parameters: {sum(layer.w.size + layer.b.size for layer in lenet.layers):,}")
    print(f"seconds: {time.perf_counter() - start:.1f}")
    try:
        draw(lenet, losses, dtst, options.out)
        print(f"picture: {options.out}")
    except ImportError:
        print("picture: none, as matplotlib is missing; pip install 'knetc[plot]'")
    print(f"test accuracy: {accuracy(lenet, data=dtst):.4f}")


if __name__ == "__main__":
    try:
        main()
    except KnetcError as error:
        sys.exit(str(error))
