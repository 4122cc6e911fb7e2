"""Parts of speech in the Brown corpus: a perceptron that sees one word, and networks that read the sentence.

    python examples/pos_tagger.py                  an LSTM in both directions, 5 epochs
    python examples/pos_tagger.py --model rnn      one that reads from left to right
    python examples/pos_tagger.py --model mlp      each word by itself
    python examples/pos_tagger.py --quick          a fiftieth of the corpus, which comes with knetc

Sentences are padded to the longest of their batch; a tag of -1 does not count. The gradient of the word vectors has
only the rows of the words that occur in a batch.
"""

from __future__ import annotations

import argparse

import command

from knetc import accuracy, adam, embed, gaussian, ncycle, nll, pad, param, progress, relu, run
from knetc.datasets import brown
from knetc.nn import LSTM, Chain, Linear
from knetc.runtime.rng import generator


class Tagger:
    """Word ids, shape (T, B), to scores of tags, shape (T, B, tags)."""

    def __init__(self, words, tags, size, hidden, model):
        self.w = param(words, size, init=gaussian)
        if model == "mlp":
            self.read, width = Chain(Linear(size, hidden, activation=relu)), hidden
        else:
            self.read = LSTM(size, hidden, bidirectional=model == "birnn")
            width = 2 * hidden if model == "birnn" else hidden
        self.out = Linear(width, tags)

    def __call__(self, x, y=None):
        scores = self.out(self.read(embed(self.w, x)))
        return scores if y is None else nll(scores, y)


def batches(words, tags, batchsize):
    """Sentences of similar length together, as arrays (T, B) of words and of tags, in random order."""
    order = sorted(range(len(words)), key=lambda i: len(words[i]))
    parts = [order[i : i + batchsize] for i in range(0, len(order), batchsize)]
    return [
        (
            pad([words[i] for i in parts[k]], value=0, time_major=True),
            pad([tags[i] for i in parts[k]], time_major=True),
        )
        for k in generator().permutation(len(parts))
    ]


def main(options: argparse.Namespace) -> None:
    words, tags, vocabulary, tagset = brown(subset=options.quick)
    order = generator().permutation(len(words))
    words = [vocabulary.encode(words[i]) for i in order]
    tags = [tagset.encode(tags[i]) for i in order]
    held = len(words) // 10
    train = batches(words[held:], tags[held:], options.batchsize)
    test = batches(words[:held], tags[:held], options.batchsize)
    size = 48 if options.quick else 128
    model = Tagger(vocabulary.size, tagset.size, size, size, options.model)
    run(progress(adam(model, ncycle(train, options.epochs), lr=0.01 if options.quick else options.lr)))
    print(f"test loss: {nll(model, data=test):.4f}")
    right = accuracy(model, data=test)
    print(f"test accuracy: {right:.4f} (error {1 - right:.4f})")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(5, 4), model=("birnn", "rnn", "mlp"), batchsize=64, lr=0.001)
