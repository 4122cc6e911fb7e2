"""A language model of characters: an LSTM reads Shakespeare's plays, and then writes on.

    python examples/char_lm.py            1 epoch over 5.3 million characters
    python examples/char_lm.py --quick    The Tempest, which comes with knetc

The text is cut into parallel streams. The state of the network goes on from batch to batch, and back through time the
gradient goes only to the beginning of a batch.
"""

from __future__ import annotations

import argparse

import command
import numpy as np

from knetc import adam, embed, ncycle, nll, param, progress, run, softmax
from knetc.datasets import shakespeare
from knetc.nn import LSTM, Linear
from knetc.runtime.rng import generator


class CharLM:
    """Characters as ids, shape (T, B), to scores of the next ones, shape (T, B, characters)."""

    def __init__(self, characters: int, size: int, hidden: int) -> None:
        self.w = param(characters, size)
        self.lstm = LSTM(size, hidden, h=0, c=0)
        self.out = Linear(hidden, characters)

    def __call__(self, x, y=None):
        scores = self.out(self.lstm(embed(self.w, x)))
        return scores if y is None else nll(scores, y)

    def forget(self):
        """Begin a new text."""
        self.lstm.h, self.lstm.c = 0, 0


def streams(ids, number: int, steps: int):
    """Batches (x, y) of the shape (steps, number): a text in parallel pieces, and the same a character later."""
    length = (len(ids) - 1) // number // steps * steps
    pieces = [ids[i : i + length * number].reshape(number, length).T for i in (0, 1)]
    return [tuple(piece[i : i + steps] for piece in pieces) for i in range(0, length, steps)]


def perplexity(model: CharLM, batches) -> float:
    """Between how many equally likely characters the model hesitates, on average."""
    model.forget()
    return float(np.exp(nll(model, data=batches)))


def sample(model: CharLM, characters, start: str, number: int) -> str:
    """A text that goes on for `number` characters after `start`, drawn character by character."""
    model.forget()
    text = start
    scores = model(characters.encode(start)[:, None])
    for _ in range(number):
        chances = softmax(scores[-1, 0].astype(float))
        text += characters.decode([generator().choice(len(chances), p=chances)])[0]
        scores = model(characters.encode(text[-1:])[:, None])
    return text


def main(options: argparse.Namespace) -> None:
    text, characters = shakespeare(subset=options.quick)
    ids = characters.encode(text)
    cut = len(ids) * 95 // 100
    train, test = (
        streams(ids[:cut], 32 if options.quick else options.streams, options.steps),
        streams(ids[cut:], 8, options.steps),
    )
    model = CharLM(characters.size, options.size, 64 if options.quick else options.hidden)
    run(progress(adam(model, ncycle(train, options.epochs), lr=options.lr, gclip=5.0)))
    start = text[cut : cut + 200]  # a network that has never begun in the middle of nothing wants a context
    print(sample(model, characters, start, 400)[len(start) :])
    print(f"training perplexity: {perplexity(model, train[:50]):.3f}")
    print(f"test perplexity: {perplexity(model, test):.3f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(1, 2), size=128, hidden=256, streams=64, steps=64, lr=0.003)
