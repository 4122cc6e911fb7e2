from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, KnetcError, ShapeError
from knetc.runtime.ragged import unpack
from knetc.train.buckets import buckets

RNG = np.random.default_rng(0)
SEQUENCES = [np.full(n, i) for i, n in enumerate(RNG.integers(1, 30, 40))]  # sequence i says i
LABELS = np.arange(40)
TAGS = [sequence * 10 for sequence in SEQUENCES]
LENGTHS = np.array([len(sequence) for sequence in SEQUENCES])


def test_batches_are_time_major_and_filled_to_their_own_longest():
    for x, y in buckets(SEQUENCES, LABELS, 8):
        assert x.shape == (LENGTHS[y].max(), 8)
        for column, label in zip(x.T, y, strict=True):
            length = LENGTHS[label]
            assert (column[:length] == label).all()
            assert (column[length:] == 0).all()


def test_sequences_of_similar_length_are_together():
    filled = sum(
        (x.shape[0] - LENGTHS[y]).sum() for x, y in buckets(SEQUENCES, LABELS, 8, shuffle=True, seed=1)
    )
    mixed = sum((LENGTHS[i : i + 8].max() - LENGTHS[i : i + 8]).sum() for i in range(0, 40, 8))
    assert filled < mixed / 3


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_an_epoch_has_every_sequence_once(shuffle, packed):
    batches = buckets(SEQUENCES, LABELS, 7, shuffle=shuffle, packed=packed, partial=True, seed=1)
    assert len(batches) == 6
    assert sorted(np.concatenate([batch[-1] for batch in batches])) == list(range(40))


def test_in_a_batch_the_longest_sequence_comes_first():
    for _, y in buckets(SEQUENCES, LABELS, 8, shuffle=True, seed=1):
        assert (np.diff(LENGTHS[y]) <= 0).all()


def test_tags_are_filled_by_what_nll_leaves_out():
    for x, tags in buckets(SEQUENCES, TAGS, 8, value=99):
        np.testing.assert_array_equal(tags == -1, x == 99)
        np.testing.assert_array_equal(tags[x != 99], 10 * x[x != 99])


def test_packed_batches_have_no_filling():
    for x, batch_sizes, y in buckets(SEQUENCES, LABELS, 8, packed=True, shuffle=True, seed=1):
        assert len(x) == batch_sizes.sum() == LENGTHS[y].sum()
        parts = unpack(x, batch_sizes, range(8))
        assert [part.tolist() for part in parts] == [SEQUENCES[i].tolist() for i in y]


def test_packed_tags_go_with_their_words():
    for x, _, tags in buckets(SEQUENCES, TAGS, 8, packed=True, shuffle=True, seed=1):
        np.testing.assert_array_equal(tags, 10 * x)


def test_elements_may_be_vectors():
    vectors = [np.ones((n, 3), np.float32) for n in (2, 4)]
    ((x, y),) = buckets(vectors, [0, 1], 2)
    assert (x.shape, x.dtype, y.tolist()) == ((4, 2, 3), np.float32, [1, 0])


def test_without_labels_there_is_no_y():
    assert [x.shape[1] for x in buckets(SEQUENCES, 8)] == [8] * 5
    x, batch_sizes = next(iter(buckets(SEQUENCES, 8, packed=True)))
    assert len(x) == batch_sizes.sum()


def test_the_seed_determines_every_epoch_and_each_is_another():
    def epochs(seed):
        batches = buckets(SEQUENCES, LABELS, 8, shuffle=True, seed=seed)
        return [[y.tolist() for _, y in batches] for _ in range(2)]

    assert epochs(1) == epochs(1) != epochs(2)
    assert epochs(1)[0] != epochs(1)[1]


def test_what_fills_no_batch_is_left_out_at_random():
    batches = buckets(SEQUENCES, LABELS, 39, shuffle=True, seed=1)
    left_out = [next(iter(set(range(40)) - set(y.tolist()))) for _ in range(8) for _, y in batches]
    assert len(set(left_out)) > 3


@pytest.mark.parametrize("given", [0, 1, 4, 5, 7])
def test_data_go_on_from_a_saved_place(given):
    cut, again = (knetc.ncycle(buckets(SEQUENCES, LABELS, 8, shuffle=True, seed=s), 2) for s in (1, 2))
    again.restore(cut.place())
    assert [y.tolist() for _, y in again.skipping(given)] == [y.tolist() for _, y in cut][given:]


@pytest.mark.parametrize(
    ("sequences", "what"), [([], "there are no sequences"), ([[1], []], "sequence 1 is empty")]
)
def test_there_are_sequences_and_they_have_elements(sequences, what):
    with pytest.raises(ArgumentError, match=f"KN438 {what}"):
        buckets(sequences, None, 1)


def test_a_number_is_no_sequence():
    with pytest.raises(ArgumentError, match="KN438 sequence 1 is a number"):
        buckets([[1], 2], None, 1)


@pytest.mark.parametrize(
    ("sequences", "value"), [([[1], [[2, 3]]], 0), ([["a"], ["b", "c"]], 0), ([[1], [2, 3]], 0.5)]
)
def test_what_cannot_be_padded_is_told_at_once(sequences, value):
    with pytest.raises(KnetcError, match="KN431 "):
        buckets(sequences, [0, 1], 2, value=value)


@pytest.mark.parametrize("batchsize", [None, 0, 41])
def test_a_batch_size_must_be_possible(batchsize):
    with pytest.raises(ArgumentError, match=f"KN402 `batchsize` is {batchsize}; expected 1 to 40"):
        buckets(SEQUENCES, LABELS, batchsize)


def test_labels_are_as_many_as_sequences():
    with pytest.raises(ShapeError, match="KN403 there are 40 sequences and 39 labels"):
        buckets(SEQUENCES, LABELS[:39], 8)


@pytest.mark.parametrize("wrong", [[[1, 2], [3]], [[1], 2]])
def test_tags_are_as_many_as_the_elements(wrong):
    with pytest.raises(ShapeError, match=r"KN403 sequence \d has . elements and labels of the shape"):
        buckets([[1], [2, 3]], wrong, 2)
