from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.runtime.ragged import pack, pad, unpack

RAGGED = [[1], [2, 3, 4], [5, 6]]


def test_rows_are_filled_to_the_longest():
    assert pad(RAGGED).tolist() == [[1, -1, -1], [2, 3, 4], [5, 6, -1]]
    assert pad(RAGGED, value=0, time_major=True).tolist() == [[1, 2, 5], [0, 3, 6], [0, 4, 0]]


def test_in_front_keeps_the_end():
    assert pad(RAGGED, value=0, front=True).tolist() == [[0, 0, 1], [2, 3, 4], [0, 5, 6]]
    assert pad(RAGGED, length=2, front=True).tolist() == [[-1, 1], [3, 4], [5, 6]]


def test_a_length_cuts_and_fills():
    assert pad(RAGGED, length=2).tolist() == [[1, -1], [2, 3], [5, 6]]
    assert pad(RAGGED, length=4)[1].tolist() == [2, 3, 4, -1]
    assert pad(RAGGED, length=0).shape == (3, 0)


def test_the_dtype_is_kept():
    assert pad([np.array([1], np.int16), np.array([2, 3], np.int32)]).dtype == np.int32
    assert pad([np.ones(1, np.float32), np.ones(2, np.float32)], value=0.1).dtype == np.float32


def test_elements_may_be_vectors():
    vectors = [np.ones((1, 3)), np.ones((2, 3))]
    assert pad(vectors).shape == (2, 2, 3)
    assert pad(vectors, time_major=True, length=5).shape == (5, 2, 3)


def test_empty_sequences_are_all_filling():
    assert pad([[], [1, 2]]).tolist() == [[-1, -1], [1, 2]]
    assert pad([[], [1, 2]]).dtype == np.int64
    assert pad([[], []]).shape == (2, 0)


def test_what_is_time_major_is_contiguous():
    assert pad(RAGGED, time_major=True).flags.c_contiguous


def test_packing_goes_through_time_with_the_longest_first():
    packed, batch_sizes, back = pack(RAGGED)
    assert packed.tolist() == [2, 5, 1, 3, 6, 4]
    assert batch_sizes.tolist() == [3, 2, 1]
    assert back.tolist() == [2, 0, 1]


def test_equal_lengths_stay_in_order_so_that_labels_are_packed_alike():
    words = [[1, 2], [3], [4, 5], [6]]
    tags = [[-1, -2], [-3], [-4, -5], [-6]]
    np.testing.assert_array_equal(pack(words)[0], -pack(tags)[0])
    assert pack(words)[0].tolist() == [1, 4, 3, 6, 2, 5]


def test_unpacking_is_the_inverse():
    rng = np.random.default_rng(0)
    sequences = [rng.standard_normal((n, 2)) for n in rng.integers(1, 9, 20)]
    found = unpack(*pack(sequences))
    assert all(np.array_equal(a, b) for a, b in zip(found, sequences, strict=True))


@pytest.mark.peers("torch")
def test_packing_is_that_of_pytorch():
    import torch
    from torch.nn.utils.rnn import pack_sequence

    rng = np.random.default_rng(0)
    sequences = [rng.standard_normal((n, 2)) for n in rng.integers(1, 9, 20)]
    theirs = pack_sequence([torch.as_tensor(s) for s in sequences], enforce_sorted=False)
    packed, batch_sizes, _ = pack(sequences)
    assert batch_sizes.tolist() == theirs.batch_sizes.tolist()
    ours = unpack(theirs.data.numpy(), theirs.batch_sizes.numpy(), theirs.unsorted_indices.numpy())
    assert all(np.array_equal(a, b) for a, b in zip(ours, sequences, strict=True))
    assert sorted(map(tuple, packed)) == sorted(map(tuple, theirs.data.tolist()))


@pytest.mark.parametrize("function", [pad, pack])
def test_no_sequences_are_refused(function):
    with pytest.raises(ArgumentError, match="KN431 there are no sequences"):
        function([])


def test_an_empty_sequence_cannot_be_packed():
    with pytest.raises(ArgumentError, match="KN431 sequence 1 is empty"):
        pack([[1], []])


@pytest.mark.parametrize("wrong", [["a", "b"], np.array([None])])
@pytest.mark.parametrize("function", [pad, pack])
def test_elements_are_numbers(function, wrong):
    with pytest.raises(DtypeError, match=r"KN431 sequence 1 is made of .*; expected numbers\nhelp: words"):
        function([[1, 2], wrong])


@pytest.mark.parametrize("wrong", [3, [[1, 2], [3, 4]]])
@pytest.mark.parametrize("function", [pad, pack])
def test_elements_of_another_shape_are_refused(function, wrong):
    with pytest.raises(ShapeError, match="KN431 sequence 1 "):
        function([[1, 2], wrong])


@pytest.mark.parametrize(("dtype", "value"), [(np.uint8, -1), (int, 0.5), (int, float("nan")), (bool, -1)])
def test_a_filling_fits_the_dtype(dtype, value):
    with pytest.raises(ArgumentError, match=f"KN431 `value` is {value}, which .* cannot hold"):
        pad([np.ones(1, dtype), np.ones(2, dtype)], value=value)


def test_a_negative_length_is_refused():
    with pytest.raises(ArgumentError, match="KN431 `length` is -1"):
        pad(RAGGED, length=-1)


@pytest.mark.parametrize(
    ("packed", "sizes", "back"),
    [([1, 2], [1], [0]), ([1, 2, 3], [1, 2], [0]), ([1, 2], [2], [0]), ([], [], [])],
)
def test_only_what_was_packed_is_unpacked(packed, sizes, back):
    with pytest.raises(ShapeError, match="KN431 `packed` has"):
        unpack(np.array(packed), sizes, back)
