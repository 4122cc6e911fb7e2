"""Softmax regression and multi-layer perceptrons on MNIST, as in chapters 30 and 40 of Knet's tutorial.

python examples/mlp.py                            one hidden layer of 64, 100 epochs of sgd
python examples/mlp.py --hidden 0                 no hidden layer: softmax regression
python examples/mlp.py --hidden 256 --drop 0.2    wider, and with dropout
python examples/mlp.py --quick                    2,000 digits that come with knetc
"""

from __future__ import annotations

import argparse

import command

from knetc import accuracy, dropout, mat, minibatch, ncycle, nll, param, param0, progress, relu, run, sgd
from knetc.datasets import mnist


class Dense:
    def __init__(self, i, o, f, drop=0.0):
        self.w, self.b, self.f, self.drop = param(i, o), param0(o), f, drop

    def __call__(self, x):
        return self.f(mat(dropout(x, self.drop)) @ self.w + self.b)


class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def __call__(self, x, y=None):
        for layer in self.layers:
            x = layer(x)
        return x if y is None else nll(x, y)


def identity(x):
    return x


def model(hidden: int, drop: float) -> Chain:
    """`hidden` units between 784 pixels and 10 classes, or none; dropout in front of each layer."""
    if not hidden:
        return Chain(Dense(784, 10, identity, drop))
    return Chain(Dense(784, hidden, relu, drop), Dense(hidden, 10, identity, drop))


def main(options: argparse.Namespace) -> None:
    xtrn, ytrn, xtst, ytst = mnist(subset=options.quick)
    dtrn, dtst = minibatch(xtrn, ytrn, 100, shuffle=True), minibatch(xtst, ytst, 100)
    mlp = model(options.hidden, options.drop)
    print(f"parameters: {sum(layer.w.size + layer.b.size for layer in mlp.layers):,}")
    run(progress(sgd(mlp, ncycle(dtrn, options.epochs), lr=options.lr)))
    print(f"training loss: {nll(mlp, data=dtrn):.4f}, accuracy: {accuracy(mlp, data=dtrn):.4f}")
    print(f"test loss: {nll(mlp, data=dtst):.4f}")
    print(f"test accuracy: {accuracy(mlp, data=dtst):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(100, 20), hidden=64, drop=0.0, lr=0.1)
