"""A convolutional network with batch normalisation on Fashion-MNIST: ten kinds of clothes in place of ten digits.

    python examples/fashion.py            3 epochs over 60,000 pictures
    python examples/fashion.py --quick    the digits that come with knetc stand in for the clothes

The layers are those of `knetc.nn`: plain objects, whose parameters are numpy arrays.
"""

from __future__ import annotations

import argparse

import command

from knetc import accuracy, adam, minibatch, ncycle, progress, relu, run
from knetc.datasets import fashion_mnist, mnist
from knetc.nn import BatchNorm, Chain, Conv, Dense, Dropout, Pool, summary


def model() -> Chain:
    return Chain(
        Conv(1, 32, 3, padding=1, bias=False),
        BatchNorm(32),
        relu,
        Pool(2),
        Conv(32, 64, 3, padding=1, bias=False),
        BatchNorm(64),
        relu,
        Pool(2),
        Dropout(0.3),
        Dense(64 * 7 * 7, 128, activation=relu),
        Dropout(0.3),
        Dense(128, 10),
    )


def main(options: argparse.Namespace) -> None:
    xtrn, ytrn, xtst, ytst = mnist(subset=True) if options.quick else fashion_mnist()
    dtrn = minibatch(xtrn, ytrn, 50 if options.quick else 100, shuffle=True)
    dtst = minibatch(xtst, ytst, 100)
    clothes = model()
    print(summary(clothes, xtrn[:2]))
    run(progress(adam(clothes, ncycle(dtrn, options.epochs))))
    print(f"test accuracy: {accuracy(clothes, data=dtst):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(3, 2))
