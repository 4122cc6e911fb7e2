from __future__ import annotations

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.runtime.rng import seed
from knetc.train.param import param, param0


@pytest.fixture(autouse=True)
def _seeded():
    seed(0)


def test_param_is_float32_unless_told_otherwise():
    assert param(2, 3).dtype == np.float32
    assert param(2, 3, dtype=np.float64).dtype == np.float64
    assert param0(2).dtype == np.float32


def test_param_copies_an_array():
    values = np.arange(3.0)
    w = param(values, dtype=np.float64)
    w[0] = 7
    assert values.tolist() == [0.0, 1.0, 2.0]


def test_param_draws_by_the_given_initialiser():
    assert param(4, init=lambda n: np.full(n, 3.0)).tolist() == [3.0, 3.0, 3.0, 3.0]


def test_param0_is_zero_and_writable():
    b = param0(1, 4, 1, 1)
    b += 1
    assert b.shape == (1, 4, 1, 1)
    assert b.sum() == 4


def test_the_same_seed_gives_the_same_parameters():
    a = param(3, 4)
    seed(0)
    np.testing.assert_array_equal(a, param(3, 4))
    assert not np.array_equal(a, param(3, 4))


@pytest.mark.parametrize("shape", [(-1, 2), ((3, 4),), (2.0, 3), (True, 2)])
def test_a_shape_is_made_of_non_negative_integers(shape):
    with pytest.raises(ArgumentError, match=r"KN401 `shape` is .*expected non-negative integers"):
        param(*shape)
    with pytest.raises(ArgumentError, match="KN401 `shape` is"):
        param0(*shape)
