from __future__ import annotations

import itertools

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.rng import seed
from knetc.train.cycle import ncycle
from knetc.train.data import minibatch

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


def test_several_arrays_go_together():
    for x, y, z, weight in minibatch(X, Y, Y * 10, Y / 2.0, 2, shuffle=True, seed=1):
        np.testing.assert_array_equal(x, X[y])
        assert z.tolist() == (y * 10).tolist()
        assert weight.tolist() == (y / 2).tolist()


def test_arrays_have_any_number_of_axes():
    x = np.arange(48).reshape(2, 2, 2, 2, 3)
    assert [batch.tolist() for batch in minibatch(x, 1)] == [x[:1].tolist(), x[1:].tolist()]


def test_dtype_and_shape_may_be_given_for_each_array():
    batches = minibatch(X, Y, Y, 2, dtype=[np.float32, None, np.int8], shape=[(2, 1), (1, -1), None])
    for x, y, z in batches:
        assert (x.dtype, y.dtype, z.dtype) == (np.float32, Y.dtype, np.int8)
        assert (x.shape, y.shape, z.shape) == ((2, 2, 1), (2, 1, 1), (2,))


def test_conversion_is_done_batch_by_batch():
    x = np.zeros((6, 4), np.uint8)
    batches = minibatch(x, 2, dtype=np.float32, shape=(2, -1))
    assert batches.arrays[0] is x
    assert [(batch.dtype, batch.shape) for batch in batches] == [(np.float32, (2, 2, 2))] * 3


def test_the_last_batch_is_reshaped_too():
    assert [x.shape for x in minibatch(np.zeros((5, 4)), 2, partial=True, shape=(2, 2))][-1] == (1, 2, 2)


def test_a_random_batch_is_contiguous():
    seed(1)
    batches = minibatch(np.arange(10), np.arange(10) * 2, 4)
    drawn = [batches.rand() for _ in range(200)]
    assert all((np.diff(x) == 1).all() and (y == 2 * x).all() and len(x) == 4 for x, y in drawn)
    assert {int(x[0]) for x, _ in drawn} == set(range(7))
    assert batches.epoch == 0


def test_a_random_batch_of_few_instances_is_all_of_them():
    assert minibatch(np.arange(3), 5, partial=True).rand().tolist() == [0, 1, 2]


def test_batches_work_with_itertools():
    batches = minibatch(Y, 2, shuffle=True, seed=1)
    first = list(itertools.islice(batches, 1))
    assert len(first) == 1
    assert len(list(itertools.islice(itertools.cycle(minibatch(Y, 2)), 7))) == 7
    endless = itertools.chain.from_iterable(itertools.repeat(batches))
    assert len(list(itertools.islice(endless, 7))) == 7


def test_a_loop_that_is_left_is_followed_by_the_next_epoch():
    batches = minibatch(np.arange(50), 5, shuffle=True, seed=1)
    left = next(iter(batches)).tolist()
    assert batches.epoch == 1
    again = next(iter(batches)).tolist()
    assert batches.epoch == 2
    assert left != again


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("given", [0, 1, 3, 4, 5, 8])
def test_data_go_on_from_a_saved_place(shuffle, given, tmp_path):
    cut = ncycle(minibatch(np.arange(20), 5, shuffle=shuffle, seed=7), 3)
    list(cut.data)  # an epoch that was gone through before
    knetc.save(tmp_path / "place", cut.place())
    whole = [x.tolist() for x in cut]
    again = ncycle(minibatch(np.arange(20), 5, shuffle=shuffle, seed=8), 3)
    again.restore(knetc.load(tmp_path / "place"))
    assert [x.tolist() for x in again.skipping(given)] == whole[given:]


def test_after_the_epoch_that_was_begun_elsewhere_comes_the_next():
    batches, again = (minibatch(np.arange(20), 5, shuffle=True, seed=7) for _ in range(2))
    whole = [[x.tolist() for x in batches] for _ in range(3)]
    again.restore(again.place() | {"epoch": 1})
    assert [x.tolist() for x in again.skipping(2)] == whole[1][2:]
    assert [x.tolist() for x in again] == whole[2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"instances": 21}, "the data have instances=20, those of the checkpoint instances=21"),
        ({"batchsize": 4}, "the data have batchsize=5, those of the checkpoint batchsize=4"),
        ({"shuffle": True}, "the data have shuffle=False, those of the checkpoint shuffle=True"),
        ({"other": 1}, "the data have minibatches, those of the checkpoint data of another kind"),
    ],
)
def test_a_place_in_other_data_is_refused(change, message):
    batches = minibatch(np.arange(20), 5)
    with pytest.raises(ArgumentError, match=f"KN424 {message}"):
        batches.restore(batches.place() | change)
    assert (batches.epoch, batches.seed) == (0, 0)


def test_lengths_must_agree():
    with pytest.raises(ShapeError, match="KN403 `x` has 5 instances and `y` has 4"):
        minibatch(X, Y[:4], 2)
    with pytest.raises(ShapeError, match="KN403 `x` has 5 instances and array 3 has 4"):
        minibatch(X, Y, Y, Y[:4], 2)


def test_x_must_have_instances():
    with pytest.raises(ShapeError, match="KN403 `x` is a scalar"):
        minibatch(np.array(1.0), 1)
    with pytest.raises(ShapeError, match="KN403 `x` has no instances"):
        minibatch(np.ones((0, 3)), [], 1, partial=True)
    with pytest.raises(ShapeError, match="KN403 there is no array"):
        minibatch(3)


def test_lists_of_different_lengths_belong_into_buckets():
    with pytest.raises(ShapeError, match=r"KN403 `x` is a list of different lengths\nhelp: buckets"):
        minibatch([[1], [2, 3]], 1)


@pytest.mark.parametrize("batchsize", [None, 0, -1, 6, 2.0, True])
def test_a_batch_size_must_be_possible(batchsize):
    with pytest.raises(ArgumentError, match=f"KN402 `batchsize` is {batchsize}; expected 1 to 5"):
        minibatch(X, Y, batchsize)


@pytest.mark.parametrize("shape", [(3,), (-1, -1), (-1, 3), (0, -1), ()])
def test_a_shape_must_fit_an_instance(shape):
    with pytest.raises(ShapeError, match=r"KN404 `shape` is .*, but an instance of `x` has the shape \(2,\)"):
        minibatch(X, Y, 2, shape=shape)


def test_options_for_each_array_are_as_many():
    with pytest.raises(ArgumentError, match="KN404 `dtype` has 1 entries for 2 arrays"):
        minibatch(X, Y, 2, dtype=[np.float32])


@pytest.mark.parametrize("wrong", [-1, 1.5, True])
def test_a_seed_is_an_int_of_at_least_0(wrong):
    with pytest.raises(ArgumentError, match=f"KN438 `seed` is {wrong}"):
        minibatch(X, Y, 2, shuffle=True, seed=wrong)
