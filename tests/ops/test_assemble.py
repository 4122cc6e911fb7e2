from __future__ import annotations

import numpy as np

from tests.ops.checker import case, cotangents


def pull(function, *args, g):
    return cotangents(case(function, *args), like=lambda _: g)[1][0]


def test_a_conversion_to_ints_has_gradient_zero():
    for function in (np.ndarray.astype, np.array, np.asarray):
        assert pull(function, np.ones(2), int, g=np.ones(2)).tolist() == [0, 0]


def test_a_conversion_gives_the_cotangent_in_the_dtype_of_its_argument():
    x = np.ones(2, np.float32)
    for function in (np.ndarray.astype, np.array, np.asarray):
        assert pull(function, x, np.float64, g=np.ones(2)).dtype == np.float32
    assert cotangents(case(float, np.float32(2)))[1][0].dtype == np.float32


def test_pieces_that_nothing_has_flowed_into_count_as_zero():
    assert pull(np.split, np.ones(4), 2, g=[None, np.ones(2)]).tolist() == [0, 0, 1, 1]


def test_the_cotangent_of_a_sequence_is_a_sequence_of_its_kind():
    parts = [np.ones(2), np.ones(1)]
    assert isinstance(pull(np.concatenate, parts, g=np.ones(3)), list)
    assert isinstance(pull(np.concatenate, tuple(parts), g=np.ones(3)), tuple)
    assert isinstance(pull(np.stack, np.ones((2, 3)), g=np.ones((2, 3))), np.ndarray)
