"""Is a review of a film praise or blame? A GRU reads its words, and the last state decides.

python examples/imdb.py            3 epochs over 20,000 reviews of the Internet Movie Database
python examples/imdb.py --quick    sentences made up from a few words; no network
"""

from __future__ import annotations

import argparse

import command
import numpy as np

from knetc import accuracy, adam, dropout, embed, gaussian, minibatch, ncycle, nll, param, progress, run
from knetc.datasets import imdb
from knetc.nn import GRU, Linear
from knetc.runtime.rng import generator


class Classifier:
    """Word ids, shape (B, T), to scores, shape (B, 2)."""

    def __init__(self, words, size, hidden, drop):
        self.w = param(words, size, init=gaussian)
        self.gru = GRU(size, hidden)
        self.out = Linear(hidden, 2)
        self.drop = drop

    def __call__(self, x, y=None):
        h = self.gru(dropout(embed(self.w, x.T), self.drop))[-1]
        scores = self.out(dropout(h, self.drop))
        return scores if y is None else nll(scores, y)


def made_up(number, length=20):
    """Sequences of 50 words, of which 5 praise and 5 blame; a 0 in front means no word."""
    rng = generator()
    x = rng.integers(1, 50, size=(number, length))
    x[np.arange(length) < rng.integers(length - 4, size=(number, 1))] = 0
    praise, blame = np.sum((x >= 1) & (x <= 5), axis=1), np.sum((x >= 6) & (x <= 10), axis=1)
    x[:, -1] = np.where(praise == blame, 1, x[:, -1])
    y = np.sum((x >= 1) & (x <= 5), axis=1) > np.sum((x >= 6) & (x <= 10), axis=1)
    return x, y.astype(int)


def main(options: argparse.Namespace) -> None:
    if options.quick:
        (xtrn, ytrn), (xtst, ytst), words = made_up(4000), made_up(500), 50
    else:
        xtrn, ytrn, xtst, ytst, vocabulary = imdb()
        words = vocabulary.size
    train, test = minibatch(xtrn, ytrn, 64, shuffle=True), minibatch(xtst, ytst, 64, partial=True)
    model = Classifier(words, 125, 100, 0.5)
    run(progress(adam(model, ncycle(train, options.epochs), lr=options.lr)))
    print(f"training accuracy: {accuracy(model, data=train):.4f}")
    print(f"test accuracy: {accuracy(model, data=test):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(3, 4), lr=0.001)
