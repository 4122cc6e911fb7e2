"""Linear regression on the housing prices of Boston, as in Knet's first example.

    python examples/linear_regression.py            20 passes of gradient descent over all 506 districts
    python examples/linear_regression.py --quick    10 passes over half of them, which come with knetc

The gradient is printed as the Python that it is.
"""

from __future__ import annotations

import argparse

import command
import numpy as np

import knetc
from knetc import gaussian, ncycle, param, param0, sgd
from knetc.datasets import housing


def loss(w, x, y):
    """The mean squared error of the prices, in thousands of dollars."""
    return np.mean((x @ w["w"] + w["b"] - y) ** 2)


def main(options: argparse.Namespace) -> None:
    xtrn, ytrn, xtst, ytst = housing(subset=options.quick)
    x, y = np.concatenate([xtrn, xtst]), np.concatenate([ytrn, ytst])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    w = {"w": param(13, init=gaussian), "b": param0(1)}
    gradient = knetc.grad(loss)
    gradient(w, x, y)
    print(gradient.source)
    for i, error in enumerate(sgd(loss, ncycle([(x, y)], options.epochs), lr=options.lr, params=w)):
        print(f"pass {i:2}: {error:.3f}")
    print(f"mean squared error: {loss(w, x, y):.3f}")
    print(f"explained: {1 - loss(w, x, y) / y.var():.4f} of the variance")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(20, 10), lr=0.1)
