from __future__ import annotations

import math

import numpy as np
import pytest

from knetc.errors import ArgumentError
from knetc.runtime.rng import seed
from knetc.train.initialisers import (
    bilinear,
    fans,
    gaussian,
    kaiming_normal,
    kaiming_uniform,
    orthogonal,
    truncated_normal,
    xavier,
    xavier_normal,
    xavier_uniform,
)

ALL = [gaussian, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal, truncated_normal, orthogonal]


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


@pytest.mark.parametrize(("fan", "count"), [("in", 50 * 9), ("out", 200 * 9)])
def test_kaiming_counts_inputs_or_outputs(fan, count):
    uniform = kaiming_uniform(200, 50, 3, 3, negative_slope=0.5, fan=fan)
    normal = kaiming_normal(200, 50, 3, 3, negative_slope=0.5, fan=fan)
    std = math.sqrt(2 / 1.25 / count)

    assert uniform.std() == pytest.approx(std, rel=0.02)  # 90,000 samples
    assert math.sqrt(3) * std * 0.99 < abs(uniform).max() <= math.sqrt(3) * std
    assert normal.std() == pytest.approx(std, rel=0.02)
    assert abs(normal).max() > 3 * std


def test_kaiming_keeps_the_variance_through_layers_with_relu():
    x = gaussian(500, 300, std=1.0)
    for _ in range(5):
        x = np.maximum(kaiming_normal(500, 500) @ x, 0)

    assert np.mean(x**2) == pytest.approx(1.0, rel=0.5)  # 1 / 32 by xavier


def test_truncated_normal_keeps_to_its_interval_and_shape():
    w = truncated_normal(300, 200, mean=5.0, std=2.0, cut=1.5)
    z = (w - 5) / 2
    density = math.exp(-(1.5**2) / 2) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * 1.5 * density / math.erf(1.5 / math.sqrt(2))

    assert abs(z).max() <= 1.5
    assert abs(z).max() > 1.49
    assert z.mean() == pytest.approx(0.0, abs=0.01)  # 60,000 samples
    assert z.var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4), (8, 3, 2, 2)])
def test_orthogonal_rows_or_columns_are_orthonormal(shape):
    w = orthogonal(*shape, gain=3.0)
    m = w.reshape(shape[0], -1) / 3
    product = m @ m.T if m.shape[0] <= m.shape[1] else m.T @ m

    assert w.shape == shape
    np.testing.assert_allclose(product, np.eye(min(m.shape)), atol=1e-12)


def test_orthogonal_matrices_favour_no_sign():
    signs = [np.sign(np.diag(orthogonal(3, 3))) for _ in range(200)]

    assert np.mean(signs) == pytest.approx(0.0, abs=0.15)  # 600 signs


def test_bilinear_weights_interpolate_each_channel_by_itself():
    w = bilinear(3, 3, 2, 2)
    slope = np.array([1, 2, 3, 2, 1]) / 3
    assert w.shape == (2, 2, 5, 5)
    np.testing.assert_allclose(w[0, 0], np.outer(slope, slope), rtol=1e-12)
    np.testing.assert_array_equal(w[0, 0], w[1, 1])
    assert not w[0, 1].any()


@pytest.mark.parametrize("init", ALL)
def test_the_same_seed_gives_the_same_numbers(init):
    seed(1)
    a = init(4, 5)
    seed(1)

    np.testing.assert_array_equal(a, init(4, 5))
    assert not np.array_equal(a, init(4, 5))
    assert a.dtype == np.float64


@pytest.mark.parametrize("arguments", [(2, 3, 1, 1), (2, 2, 1, 3), (0, 0, 1, 1)])
def test_bilinear_wants_equal_factors_and_channels(arguments):
    with pytest.raises(ArgumentError, match="KN401 bilinear enlarges every channel alike: got `fh`="):
        bilinear(*arguments)


def test_orthogonal_wants_a_matrix():
    with pytest.raises(
        ArgumentError, match=r"KN401 orthogonal: `shape` is \(5,\); expected two axes or more"
    ):
        orthogonal(5)


@pytest.mark.parametrize("init", [kaiming_uniform, kaiming_normal])
def test_kaiming_knows_two_fans(init):
    with pytest.raises(ArgumentError, match=r"""KN345 kaiming: `fan` is 'both'; expected "in" or "out"\n"""):
        init(3, 4, fan="both")


@pytest.mark.parametrize("options", [{"std": -1.0}, {"cut": 0.0}, {"std": math.nan}])
def test_a_truncated_normal_has_a_deviation_and_an_interval(options):
    with pytest.raises(ArgumentError, match=r"KN345 truncated_normal: `std` is .* expected `std` >= 0 and"):
        truncated_normal(3, **options)
