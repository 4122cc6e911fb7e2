"""Data sets as numpy arrays, fetched once and checked, and tools for labels, words and sequences."""

from __future__ import annotations

from knetc.datasets.brown import brown
from knetc.datasets.cifar10 import cifar10
from knetc.datasets.english_turkish import english_turkish
from knetc.datasets.fashion_mnist import fashion_mnist
from knetc.datasets.housing import housing
from knetc.datasets.imdb import imdb
from knetc.datasets.mnist import mnist
from knetc.datasets.onehot import onehot
from knetc.datasets.ptb import ptb
from knetc.datasets.shakespeare import shakespeare
from knetc.datasets.vocabulary import Vocabulary
from knetc.runtime.ragged import pack, pad, unpack

__all__ = [
    "Vocabulary",
    "brown",
    "cifar10",
    "english_turkish",
    "fashion_mnist",
    "housing",
    "imdb",
    "mnist",
    "onehot",
    "pack",
    "pad",
    "ptb",
    "shakespeare",
    "unpack",
]
