from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.runtime.rng import seed
from knetc.train.param import bilinear, fans, gaussian, param, param0, xavier, xavier_normal, xavier_uniform


@pytest.fixture(autouse=True)
def _seeded():
    seed(0)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((7,), (7, 1)),
        ((), (1, 1)),
        ((10, 500), (500, 10)),
        ((50, 20, 5, 5), (500, 1250)),
        ((2, 3, 4), (12, 8)),
    ],
)
def test_fans_follow_the_rule_of_knet(shape, expected):
    assert fans(shape) == expected


def test_xavier_uniform_fills_its_interval():
    w = xavier_uniform(300, 200, gain=2.0)
    bound = 2 * math.sqrt(6 / 500)
    assert abs(w).max() <= bound
    assert abs(w).max() > 0.99 * bound
    assert w.std() == pytest.approx(bound / math.sqrt(3), rel=0.02)  # 60,000 samples


def test_xavier_normal_has_its_deviation():
    w = xavier_normal(300, 200, gain=3.0)
    assert w.std() == pytest.approx(3 * math.sqrt(2 / 500), rel=0.02)  # 60,000 samples


def test_gaussian_has_its_mean_and_deviation():
    w = gaussian(300, 200, mean=5.0, std=2.0)
    assert w.mean() == pytest.approx(5.0, rel=0.02)  # 60,000 samples
    assert w.std() == pytest.approx(2.0, rel=0.02)


def test_xavier_is_xavier_uniform():
    assert xavier is xavier_uniform


def test_bilinear_weights_interpolate_each_channel_by_itself():
    w = bilinear(3, 3, 2, 2)
    slope = np.array([1, 2, 3, 2, 1]) / 3
    assert w.shape == (2, 2, 5, 5)
    np.testing.assert_allclose(w[0, 0], np.outer(slope, slope), rtol=1e-12)
    np.testing.assert_array_equal(w[0, 0], w[1, 1])
    assert not w[0, 1].any()


@pytest.mark.parametrize("arguments", [(2, 3, 1, 1), (2, 2, 1, 3), (0, 0, 1, 1)])
def test_bilinear_wants_equal_factors_and_channels(arguments):
    with pytest.raises(ArgumentError, match="KN401 bilinear enlarges every channel alike: got `fh`="):
        bilinear(*arguments)


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
