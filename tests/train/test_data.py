from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.rng import seed
from knetc.train.data import minibatch, ncycle

X = np.arange(10.0).reshape(5, 2)
Y = np.arange(5)


def labels(batches):
    return [y.tolist() for _, y in batches]


def test_pairs_of_batches_come_in_order():
    batches = list(minibatch(X, Y, 2))
    assert [x.tolist() for x, _ in batches] == [X[:2].tolist(), X[2:4].tolist()]
    assert labels(batches) == [[0, 1], [2, 3]]


def test_without_labels_batches_are_arrays():
    assert [x.tolist() for x in minibatch(Y, 2)] == [[0, 1], [2, 3]]
    assert [x.tolist() for x in minibatch(Y, batchsize=2)] == [[0, 1], [2, 3]]


def test_a_partial_batch_is_dropped_unless_asked_for():
    assert len(minibatch(X, Y, 2)) == 2
    assert labels(minibatch(X, Y, 2, partial=True)) == [[0, 1], [2, 3], [4]]
    assert len(minibatch(X, Y, 2, partial=True)) == 3
    assert len(minibatch(X, Y, 5, partial=True)) == 1


def test_batches_can_be_gone_through_again():
    batches = minibatch(X, Y, 2)
    assert labels(batches) == labels(batches)


def test_shuffling_keeps_instances_and_labels_together():
    for x, y in minibatch(X, Y, 2, shuffle=True, seed=1):
        np.testing.assert_array_equal(x, X[y])


def test_an_epoch_has_every_instance_once():
    batches = minibatch(np.arange(50), 7, shuffle=True, partial=True, seed=1)
    assert sorted(np.concatenate(list(batches))) == list(range(50))


def test_every_epoch_has_another_order():
    batches = minibatch(np.arange(50), 50, shuffle=True, seed=1)
    first, second = (next(iter(batches)).tolist() for _ in range(2))
    assert first != second


def test_the_same_seed_gives_the_same_epochs():
    one, two = (minibatch(np.arange(50), 50, shuffle=True, seed=1) for _ in range(2))
    assert [x.tolist() for x in ncycle(one, 3)] == [x.tolist() for x in ncycle(two, 3)]


def test_without_a_seed_the_order_follows_the_generator_of_knetc():
    def order():
        seed(3)
        return [x.tolist() for x in minibatch(np.arange(50), 50, shuffle=True)]

    assert order() == order()


def test_the_type_of_the_data_is_kept():
    x, y = next(iter(minibatch(X.astype(np.uint8), Y.astype(np.int16), 2)))
    assert (x.dtype, y.dtype) == (np.uint8, np.int16)


def test_dtype_converts_x_only():
    x, y = next(iter(minibatch(X, Y, 2, dtype=np.float32)))
    assert (x.dtype, y.dtype) == (np.float32, Y.dtype)


def test_shape_is_that_of_one_instance():
    x, _ = next(iter(minibatch(X, Y, 2, shape=(1, 2, 1))))
    assert x.shape == (2, 1, 2, 1)


def test_a_batch_in_order_is_a_view_and_not_a_copy():
    x, _ = next(iter(minibatch(X, Y, 2)))
    assert np.shares_memory(x, X)


def test_lengths_must_agree():
    with pytest.raises(ShapeError, match="KN403 `x` has 5 instances and `y` has 4"):
        minibatch(X, Y[:4], 2)


def test_x_must_have_instances():
    with pytest.raises(ShapeError, match="KN403 `x` is a scalar"):
        minibatch(np.array(1.0), 1)


@pytest.mark.parametrize("batchsize", [None, 0, -1, 6])
def test_a_batch_size_must_be_possible(batchsize):
    with pytest.raises(ArgumentError, match=f"KN402 `batchsize` is {batchsize}; expected 1 to 5"):
        minibatch(X, Y, batchsize)


def test_a_shape_must_fit_an_instance():
    with pytest.raises(
        ShapeError, match=r"KN404 `shape` is \(3,\), but an instance of `x` has the shape \(2,\)"
    ):
        minibatch(X, Y, 2, shape=(3,))


def test_ncycle_repeats_lazily_and_has_a_length():
    batches = minibatch(X, Y, 2)
    cycle = ncycle(batches, 3)
    assert len(cycle) == 6
    assert batches.epoch == 0
    assert labels(cycle) == labels(batches) * 3


def test_ncycle_of_an_iterator_is_refused():
    with pytest.raises(ArgumentError, match="KN405 `data` is a generator, which is empty after one pass"):
        ncycle((i for i in range(3)), 2)


def test_ncycle_wants_a_number_of_passes():
    with pytest.raises(ArgumentError, match="KN405 `n` is -1"):
        ncycle([1], -1)
