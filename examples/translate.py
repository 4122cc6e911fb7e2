"""English to Turkish: an encoder in both directions, and a decoder that looks back at every word by attention.

    python examples/translate.py            12 epochs over 14,000 short messages of LibreOffice
    python examples/translate.py --quick    the 1,800 that come with knetc

The decoder asks at each step which of the English words matter (Luong et al., 2015): `attention` weighs them. Sentences
are padded, and a mask keeps the padding out of sight.
"""

from __future__ import annotations

import argparse
import re

import command
import numpy as np

from knetc import adam, attention, dropout, embed, ncycle, nll, pad, param, progress, run
from knetc.datasets import Vocabulary, english_turkish
from knetc.nn import LSTM, Linear
from knetc.runtime.rng import generator

PAD, START, END, RARE = "<pad>", "<start>", "<end>", "<unk>"


class Translator:
    """English ids (S, B) and the Turkish words so far (T, B), to scores of the next ones (T, B, words)."""

    def __init__(self, english, turkish, size, hidden, drop):
        self.source, self.target = param(english, size), param(turkish, size)
        self.encoder = LSTM(size, hidden // 2, bidirectional=True)
        self.decoder = LSTM(size, hidden)
        self.mix = Linear(2 * hidden, hidden, activation=np.tanh)
        self.out = Linear(hidden, turkish)
        self.drop = drop

    def __call__(self, x, before, after=None):
        read = self.encoder(dropout(embed(self.source, x), self.drop)).swapaxes(0, 1)
        written = self.decoder(dropout(embed(self.target, before), self.drop)).swapaxes(0, 1)
        seen = attention(written, read, read, mask=(x != 0).T[:, None, :])
        h = self.mix(np.concatenate([written, seen], axis=2))
        scores = self.out(dropout(h, self.drop)).swapaxes(0, 1)
        return scores if after is None else nll(scores, after)


def words(text):
    """Words in lower case, and punctuation marks."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def batches(pairs, english, turkish, batchsize):
    """Arrays (S, B), (T, B), (T, B) of sentences of similar length: English, Turkish with a start, and with an end."""
    pairs = sorted(pairs, key=lambda pair: (len(pair[0]), len(pair[1])))
    found = []
    for i in range(0, len(pairs), batchsize):
        sources, targets = zip(*pairs[i : i + batchsize], strict=True)
        x = pad([english.encode(s) for s in sources], value=0, time_major=True)
        before = pad([turkish.encode([START, *t]) for t in targets], value=0, time_major=True)
        after = pad([turkish.encode([*t, END]) for t in targets], time_major=True)
        found.append((x, before, after))
    return [found[i] for i in generator().permutation(len(found))]


def translate(model, english, turkish, source, limit=12):
    """The most likely word, one after the other."""
    x, written = english.encode(source)[:, None], [START]
    while len(written) <= limit:
        scores = model(x, turkish.encode(written)[:, None])
        word = turkish.decode([int(scores[-1, 0].argmax())])[0]
        if word == END:
            break
        written.append(word)
    return written[1:]


def right(model, data):
    """The part of the words that are guessed, given those before them."""
    hits = [(model(x, before).argmax(axis=2) == after)[after >= 0] for x, before, after in data]
    return float(np.mean(np.concatenate(hits)))


def main(options: argparse.Namespace) -> None:
    pairs = [(words(e), words(t)) for e, t in english_turkish(subset=options.quick)]
    pairs = [(e, t) for e, t in pairs if 0 < len(e) <= 6 and 0 < len(t) <= 6]
    pairs = [pairs[i] for i in generator().permutation(len(pairs))]
    held = len(pairs) // 20
    test, train = pairs[:held], pairs[held:]
    english = Vocabulary.build((w for e, _ in train for w in e), limit=6000, unknown=RARE, special=[PAD])
    turkish = Vocabulary.build(
        (w for _, t in train for w in t), limit=8000, unknown=RARE, special=[PAD, START, END]
    )
    print(f"pairs: {len(train):,}, words: {english.size:,} English, {turkish.size:,} Turkish")
    model = Translator(
        english.size, turkish.size, 64 if options.quick else 128, 64 if options.quick else 256, 0.3
    )
    data = batches(train, english, turkish, 32)
    run(progress(adam(model, ncycle(data, options.epochs), lr=options.lr, gclip=5.0)))
    for source, target in test[:6]:
        print(
            f"{' '.join(source)} -> {' '.join(translate(model, english, turkish, source))} ({' '.join(target)})"
        )
    print(f"words right: {right(model, batches(test, english, turkish, 32)):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(12, 3), lr=0.002)
