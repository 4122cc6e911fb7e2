"""Two networks against each other: one draws digits, the other tells them from MNIST's (DCGAN; Radford et al., 2016).

    python examples/dcgan.py            2 epochs; writes dcgan.png, a grid of drawn digits
    python examples/dcgan.py --quick    the digits that come with knetc

Two optimisers take turns, so the loop is written out: `value_and_grad` and `update` are what `minimize` is made of.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import command
import numpy as np
from pictures import grid

import knetc
from knetc import (
    Adam,
    batchnorm,
    bce,
    bnparams,
    conv,
    deconv,
    gaussian,
    mat,
    minibatch,
    ncycle,
    param,
    progress,
    relu,
    sigm,
    update,
)
from knetc.datasets import mnist
from knetc.runtime.rng import generator

CODE = 64


def weights(*shape):
    return param(*shape, init=lambda *shape: gaussian(*shape, std=0.02))


def leaky(x):
    return relu(x, negative_slope=0.2)


class Generator:
    """Random numbers, shape (N, CODE), to images, shape (N, 1, 28, 28)."""

    def __init__(self):
        self.w1, self.n1 = weights(CODE, 64 * 7 * 7), bnparams(64)
        self.w2, self.n2 = weights(64, 32, 4, 4), bnparams(32)
        self.w3 = weights(32, 1, 4, 4)

    def __call__(self, codes):
        x = (codes @ self.w1).reshape(-1, 64, 7, 7)
        x = relu(batchnorm(x, None, self.n1, training=True))
        x = relu(batchnorm(deconv(self.w2, x, stride=2, padding=1), None, self.n2, training=True))
        return sigm(deconv(self.w3, x, stride=2, padding=1))


class Discriminator:
    """Images to scores, shape (N,): above 0 for what is taken to be real."""

    def __init__(self):
        self.w1 = weights(32, 1, 4, 4)
        self.w2, self.n2 = weights(64, 32, 4, 4), bnparams(64)
        self.w3 = weights(64 * 7 * 7, 1)

    def __call__(self, images):
        x = leaky(conv(self.w1, images, stride=2, padding=1))
        x = leaky(batchnorm(conv(self.w2, x, stride=2, padding=1), None, self.n2, training=True))
        return (mat(x) @ self.w3)[:, 0]


@knetc.value_and_grad
def judging(discriminator, real, drawn):
    """How badly real images are told from drawn ones."""
    labels = np.ones(len(real), int)
    return bce(discriminator(real), labels) + bce(discriminator(drawn), 1 - labels)


@knetc.value_and_grad
def drawing(draw, discriminator, codes):
    """How badly the discriminator is deceived."""
    return bce(discriminator(draw(codes)), np.ones(len(codes), int))


def noise(number):
    return generator().standard_normal((number, CODE), np.float32)


def train(draw, judge, batches, lr):
    """A lazy iterator of the losses of the generator."""
    drawer, judger = Adam(lr, beta1=0.5), Adam(lr, beta1=0.5)
    for real in batches:
        codes = noise(len(real))
        _, gradient = judging(judge, real, draw(codes))
        update(judge, gradient, judger)
        loss, gradient = drawing(draw, judge, codes)
        update(draw, gradient, drawer)
        yield float(loss)


def main(options: argparse.Namespace) -> None:
    xtrn, _, xtst, _ = mnist(subset=options.quick)
    batches = minibatch(xtrn, 50, shuffle=True)
    draw, judge = Generator(), Discriminator()
    steps = len(batches) * options.epochs
    losses = list(progress(train(draw, judge, ncycle(batches, options.epochs), options.lr), total=steps))
    grid(draw(noise(100)), options.out, columns=10)
    taken = np.mean(judge(draw(noise(200))) > 0)
    print(
        f"loss of the generator: {np.mean(losses[-50:]):.3f}, drawn digits taken for real ones: {taken:.3f}"
    )
    print(f"ink: {draw(noise(200)).mean():.3f} (real digits: {xtst.mean():.3f})")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(2, 1), lr=0.0004, out=Path("dcgan.png"))
