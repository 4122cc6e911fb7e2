"""Every optimiser on the same network from the same start: their learning curves, and where they end.

    python examples/optimisers.py            1 epoch of MNIST with each; draws optimisers.png
    python examples/optimisers.py --quick    the digits that come with knetc

Rates are those of Knet's comparison of LeNets, where it has them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import command
import numpy as np

import knetc
from knetc import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Lion,
    Momentum,
    Nesterov,
    Rmsprop,
    accuracy,
    minibatch,
    minimize,
    ncycle,
    progress,
    relu,
)
from knetc.datasets import mnist
from knetc.nn import Chain, Conv, Dense, Pool
from knetc.runtime.atomic import replacing

OPTIMISERS = {
    "SGD": SGD(lr=0.1),
    "Momentum": Momentum(lr=0.005, gamma=0.99),
    "Nesterov": Nesterov(lr=0.005, gamma=0.99),
    "Adagrad": Adagrad(lr=0.01),
    "Adadelta": Adadelta(lr=0.35),
    "Rmsprop": Rmsprop(lr=0.001),
    "Adam": Adam(lr=0.001, beta2=0.95),
    "AdamW": AdamW(lr=0.001),
    "Lion": Lion(lr=0.0003),
}


def lenet() -> Chain:
    return Chain(
        Conv(1, 20, 5, activation=relu),
        Pool(2),
        Conv(20, 50, 5, activation=relu),
        Pool(2),
        Dense(800, 500, activation=relu),
        Dense(500, 10),
    )


def draw(curves: dict[str, list[float]], path: Path) -> None:
    """The losses of all, each a mean of the steps around."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for name, losses in curves.items():
        width = max(1, len(losses) // 20)
        axes.semilogy(np.convolve(losses, np.ones(width) / width, "valid"), label=name)
    axes.set(xlabel="step", ylabel="training loss")
    axes.legend()
    with replacing(path) as file:
        figure.savefig(file, format="png", dpi=100)
    print(f"picture: {path}")


def main(options: argparse.Namespace) -> None:
    xtrn, ytrn, xtst, ytst = mnist(subset=options.quick)
    curves, best = {}, 0.0
    for name, optimiser in OPTIMISERS.items():
        knetc.seed(options.seed)
        dtrn, dtst = minibatch(xtrn, ytrn, 100, shuffle=True), minibatch(xtst, ytst, 100)
        model = lenet()
        curves[name] = list(progress(minimize(model, ncycle(dtrn, options.epochs), optimiser)))
        right = accuracy(model, data=dtst)
        best = max(best, right)
        print(f"{name:10} loss {np.mean(curves[name][-20:]):.4f}  test accuracy {right:.4f}")
    try:
        draw(curves, options.out)
    except ImportError:
        print("picture: none, as matplotlib is missing; pip install 'knetc[plot]'")
    print(f"best test accuracy: {best:.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(1, 2), out=Path("optimisers.png"))
