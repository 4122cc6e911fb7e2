"""Words backwards: an encoder reads the letters of a word, and a decoder writes them in reverse.

    python examples/seq2seq.py            10 epochs over 10,000 words of the Brown corpus
    python examples/seq2seq.py --quick    the words of its sentences that come with knetc

The last state of the encoder is the first one of the decoder: all that the decoder knows of the word. While it learns,
the decoder is given the letter that it should have written before; afterwards the one that it has written.
"""

from __future__ import annotations

import argparse

import command
import numpy as np

from knetc import adam, embed, ncycle, nll, param, progress, rnn_forward, run
from knetc.datasets import Vocabulary, brown
from knetc.nn import LSTM, Linear
from knetc.runtime.rng import generator

LETTERS = Vocabulary("^$abcdefghijklmnopqrstuvwxyz")  # ^ begins a word, $ ends it
START, END = LETTERS["^"], LETTERS["$"]


class Seq2Seq:
    """Letters as ids, shape (T, B), to scores of the letters of the answer, shape (T + 1, B, letters)."""

    def __init__(self, letters, size, hidden):
        self.w = param(letters, size)
        self.encoder, self.decoder = LSTM(size, hidden), LSTM(size, hidden)
        self.out = Linear(hidden, letters)

    def read(self, x):
        """The states of the encoder after a word."""
        _, h, c = rnn_forward(self.encoder.params, embed(self.w, x))
        return h, c

    def write(self, before, h, c):
        """The scores of the letters that follow those of `before`, and the states of the decoder."""
        y, h, c = rnn_forward(self.decoder.params, embed(self.w, before), h, c)
        return self.out(y), h, c

    def __call__(self, x, before, after):
        h, c = self.read(x)
        scores, _, _ = self.write(before, h, c)
        return nll(scores, after)

    def answer(self, word):
        """What the model makes of a word."""
        h, c = self.read(LETTERS.encode(word)[:, None])
        last, written = START, ""
        while len(written) <= len(word) + 5:
            scores, h, c = self.write(np.array([[last]]), h, c)
            last = int(scores[0, 0].argmax())
            if last == END:
                break
            written += LETTERS.decode([last])[0]
        return written


def batches(words, batchsize):
    """Words of one length together: their letters, and those of the answer with a letter in front and one behind."""
    groups = {}
    for word in words:
        groups.setdefault(len(word), []).append(LETTERS.encode(word))
    found = []
    for group in groups.values():
        for i in range(0, len(group), batchsize):
            x = np.stack(group[i : i + batchsize], axis=1)
            found.append(
                (
                    x,
                    np.pad(x[::-1], ((1, 0), (0, 0)), constant_values=START),
                    np.pad(x[::-1], ((0, 1), (0, 0)), constant_values=END),
                )
            )
    return [found[i] for i in generator().permutation(len(found))]


def main(options: argparse.Namespace) -> None:
    _, _, vocabulary, _ = brown(subset=options.quick)
    words = [
        w
        for w in dict.fromkeys(w.lower() for w in vocabulary.tokens)
        if w.isalpha() and w.isascii() and 3 <= len(w) <= 9
    ]
    words = [words[i] for i in generator().permutation(len(words))[: 1500 if options.quick else 11_000]]
    test, train = words[: len(words) // 11], words[len(words) // 11 :]
    model = Seq2Seq(LETTERS.size, 32, 64 if options.quick else 128)
    run(progress(adam(model, ncycle(batches(train, 32), options.epochs), lr=options.lr)))
    for word in test[:5]:
        print(f"{word} -> {model.answer(word)}")
    letters = [a == b for w in test[:200] for a, b in zip(w[::-1], model.answer(w), strict=False)]
    print(f"letters right: {np.mean(letters):.4f}")
    print(f"words right: {np.mean([model.answer(w) == w[::-1] for w in test[:200]]):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(10, 5), lr=0.003)
