"""A variational autoencoder of MNIST digits (Kingma and Welling, 2014), which then draws digits of its own.

    python examples/vae.py            10 epochs; writes vae.png, a grid of digits
    python examples/vae.py --quick    the digits that come with knetc

The sample between encoder and decoder is written as mean + deviation * noise, so that it has a derivative.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import command
import numpy as np
from pictures import grid

from knetc import adam, mat, minibatch, ncycle, progress, relu, run, sigm
from knetc.datasets import mnist
from knetc.nn import Chain, Linear
from knetc.runtime.rng import generator


class VAE:
    """Pixels to the mean and the log variance of a few numbers, and back to pixels."""

    def __init__(self, hidden: int, code: int) -> None:
        self.encoder = Chain(Linear(784, hidden, activation=relu), Linear(hidden, 2 * code))
        self.decoder = Chain(Linear(code, hidden, activation=relu), Linear(hidden, 784))
        self.code = code

    def __call__(self, x, noise):
        """The negative evidence lower bound, in nats an image."""
        x = mat(x)
        codes = self.encoder(x)
        mean, logvar = codes[:, : self.code], codes[:, self.code :]
        scores = self.decoder(mean + np.exp(0.5 * logvar) * noise)
        # the negative log likelihood of pixels that are probabilities, from scores: max(s, 0) - s x + log(1 + e^-|s|)
        pixels = np.sum(np.maximum(scores, 0) - scores * x + np.log1p(np.exp(-np.abs(scores))))
        divergence = 0.5 * np.sum(np.exp(logvar) + mean**2 - 1 - logvar)
        return (pixels + divergence) / len(x)

    def images(self, codes):
        return sigm(self.decoder(codes)).reshape(-1, 1, 28, 28)


def with_noise(batches, code):
    """Batches of images, each with numbers from the normal distribution."""
    for x in batches:
        yield x, generator().standard_normal((len(x), code), np.float32)


def bound(model, batches):
    """The mean of the bound over a data set."""
    return float(np.mean([model(x, noise) for x, noise in with_noise(batches, model.code)]))


def main(options: argparse.Namespace) -> None:
    xtrn, _, xtst, _ = mnist(subset=options.quick)
    dtrn, dtst = minibatch(xtrn, 100, shuffle=True), minibatch(xtst, 100)
    model = VAE(options.hidden, options.code)
    steps = len(dtrn) * options.epochs
    training = adam(model, with_noise(ncycle(dtrn, options.epochs), options.code), lr=options.lr)
    run(progress(training, total=steps))
    drawn = model.images(generator().standard_normal((100, options.code), np.float32))
    grid(drawn, options.out, columns=10)
    print(f"test bound: {bound(model, dtst):.2f} nats an image")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(10, 4), hidden=400, code=20, lr=0.001, out=Path("vae.png"))
