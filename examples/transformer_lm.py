"""A small transformer as a language model of characters: the same task as `char_lm.py`, by attention instead of memory.

    python examples/transformer_lm.py            4 layers, 1,500 steps on Shakespeare's plays
    python examples/transformer_lm.py --quick    1 layer, 100 steps on The Tempest, which comes with knetc

Blocks are those of GPT-2: layer norm, attention that does not see what comes later, layer norm, two dense layers with
gelu, each with a way past it. The rate rises at first, and then falls along a cosine.
"""

from __future__ import annotations

import argparse

import command
import numpy as np

from knetc import (
    AdamW,
    cosine,
    embed,
    gaussian,
    minimize,
    nll,
    param,
    positional_encoding,
    progress,
    run,
    softmax,
)
from knetc.datasets import shakespeare
from knetc.nn import Chain, LayerNorm, Linear, TransformerBlock, parameters
from knetc.runtime.rng import generator


class Transformer:
    """Characters as ids, shape (B, T), to scores of the next ones, shape (B, T, characters)."""

    def __init__(self, characters, size, heads, layers, length):
        self.w = param(characters, size, init=gaussian)
        self.place = param(0.1 * positional_encoding(length, size))
        self.blocks = Chain(*(TransformerBlock(size, heads, causal=True) for _ in range(layers)))
        self.norm = LayerNorm(size)
        self.out = Linear(size, characters)

    def __call__(self, x, y=None):
        h = embed(self.w, x) + self.place[: x.shape[1]]
        scores = self.out(self.norm(self.blocks(h)))
        return scores if y is None else nll(scores, y)


def batches(ids, number, length, steps):
    """Random pieces of a text, and the same a character later."""
    for first in generator().integers(len(ids) - length - 1, size=(steps, number, 1)):
        places = first + np.arange(length)
        yield ids[places], ids[places + 1]


def sample(model, characters, start, number, length):
    """A text that goes on for `number` characters, drawn character by character."""
    text = start
    for _ in range(number):
        scores = model(characters.encode(text[-length:])[None])[0, -1]
        chances = softmax(scores.astype(float))
        text += characters.decode([generator().choice(len(chances), p=chances)])[0]
    return text


def main(options: argparse.Namespace) -> None:
    text, characters = shakespeare(subset=options.quick)
    ids = characters.encode(text)
    cut = len(ids) * 95 // 100
    steps, size, layers = 100 * options.epochs, options.size, options.layers
    if options.quick:
        size, layers = 64, 1
    model = Transformer(characters.size, size, size // 32, layers, options.length)
    print(f"parameters: {parameters(model):,}")
    optimiser = AdamW(cosine(options.lr, steps, warmup=steps // 20), decay=0.01, clip_norm=1.0)
    run(
        progress(
            minimize(model, batches(ids[:cut], options.batchsize, options.length, steps), optimiser),
            total=steps,
        )
    )
    print(sample(model, characters, "HAMLET: ", 100 if options.quick else 400, options.length))
    test = list(batches(ids[cut:], options.batchsize, options.length, 5 if options.quick else 50))
    print(f"test perplexity: {np.exp(nll(model, data=test)):.3f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(15, 1), lr=0.002, size=128, layers=4, length=64, batchsize=32)
