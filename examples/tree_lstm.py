"""A tree-LSTM by recursion: the value of an expression such as max(3, min(7, 2)), learnt from its tree.

    python examples/tree_lstm.py            20,000 random trees
    python examples/tree_lstm.py --quick    a few hundred

The model is a function that calls itself on the children of a node, and so is its gradient. The trees are those of
ListOps (Nangia and Bowman, 2018) with two arguments, the cell is Tai, Socher and Manning's (2015).
"""

from __future__ import annotations

import argparse

import command
import numpy as np

from knetc import adam, ncycle, nll, param, param0, progress, run, sigm, xavier
from knetc.runtime.rng import generator

OPERATIONS = {10: max, 11: min, 12: lambda a, b: (a + b) % 10}
SIZE = 64


def states(w, tree):
    """The hidden and the cell state of a tree: a digit, or an operation with two trees."""
    if isinstance(tree, int):
        gates = w["symbols"][tree]
        i, _, _, o, u = np.split(gates, 5)
        c = sigm(i) * np.tanh(u)
    else:
        symbol, left, right = tree
        h1, c1 = states(w, left)
        h2, c2 = states(w, right)
        gates = w["symbols"][symbol] + h1 @ w["left"] + h2 @ w["right"]
        i, f1, f2, o, u = np.split(gates, 5)
        c = sigm(i) * np.tanh(u) + sigm(f1) * c1 + sigm(f2) * c2
    return sigm(o) * np.tanh(c), c


def scores(w, tree):
    """How much each digit is taken to be the value of a tree."""
    h, _ = states(w, tree)
    return h @ w["out"] + w["bias"]


def loss(w, trees, values):
    """The mean negative log likelihood of the values of some trees."""
    return nll(np.stack([scores(w, tree) for tree in trees]), values)


def random_tree(depth, rng):
    """A tree of random shape."""
    if depth == 0 or rng.random() < 0.25:
        return int(rng.integers(10))
    return int(rng.integers(10, 13)), random_tree(depth - 1, rng), random_tree(depth - 1, rng)


def value(tree):
    """What a tree comes to."""
    return tree if isinstance(tree, int) else OPERATIONS[tree[0]](value(tree[1]), value(tree[2]))


def accuracy(w, trees):
    """The part of the trees whose value is found."""
    return np.mean([scores(w, tree).argmax() == value(tree) for tree in trees])


def main(options: argparse.Namespace) -> None:
    rng = generator()
    number = 400 if options.quick else 20_000
    trees = [random_tree(options.depth, rng) for _ in range(number)]
    train, test = trees[number // 10 :], trees[: number // 10]
    w = {
        "symbols": param(13, 5 * SIZE, init=xavier),
        "left": param(SIZE, 5 * SIZE),
        "right": param(SIZE, 5 * SIZE),
        "out": param(SIZE, 10),
        "bias": param0(10),
    }
    batches = [
        (train[i : i + 16], np.array([value(t) for t in train[i : i + 16]])) for i in range(0, len(train), 16)
    ]
    run(progress(adam(loss, ncycle(batches, options.epochs), lr=0.003, params=w)))
    print(f"training accuracy: {accuracy(w, train[: len(test)]):.4f}")
    print(f"test accuracy: {accuracy(w, test):.4f}")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(5, 3), depth=3)
