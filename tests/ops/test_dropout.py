from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError
from knetc.ops import dropout
from knetc.ops.dropout import dropout_backward, dropout_forward
from knetc.runtime.rng import seed

X = np.linspace(1, 2, 10_000).reshape(100, 100)


def test_a_plain_call_drops_nothing():
    assert dropout(X, 0.5) is X


def test_the_forward_sweep_of_a_gradient_drops():
    y, _ = dropout_forward(X, 0.3)
    assert 0.25 < np.mean(y == 0) < 0.35
    np.testing.assert_allclose(y[y != 0], X[y != 0] / 0.7, rtol=1e-12)


def test_drop_decides_for_both():
    assert (dropout(X, 0.5, drop=True) == 0).any()
    assert dropout_forward(X, 0.5, drop=False)[0] is X


def test_the_gradient_has_the_same_holes_also_where_the_input_is_zero():
    y, mask = dropout_forward(np.zeros(1000), 0.5, seed=1)
    assert not y.any()
    assert set(dropout_backward(mask, np.ones(1000))) == {0.0, 2.0}


def test_a_seed_repeats_the_holes_and_leaves_the_generator_alone():
    seed(3)
    first = dropout(X, 0.5, drop=True)
    seed(3)
    a = dropout(X, 0.5, drop=True, seed=1)
    assert np.array_equal(a, dropout(X, 0.5, drop=True, seed=1))
    assert np.array_equal(first, dropout(X, 0.5, drop=True))


def test_numpy_s_generator_is_not_used():
    np.random.seed(0)  # noqa: NPY002 - the one that must not be touched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    dropout(X, 0.5, drop=True)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_everything_or_nothing():
    assert dropout(X, 0.0, drop=True) is X
    assert not dropout(X, 1.0, drop=True).any()


def test_float32_stays_float32():
    y, mask = dropout_forward(X.astype(np.float32), 0.3)
    assert y.dtype == dropout_backward(mask, y).dtype == np.float32


def test_a_wide_probability_widens_nothing():
    assert dropout(X.astype(np.float32), np.float64(0.3), drop=True).dtype == np.float32


def test_inside_a_gradient_a_batch_of_data_has_holes_as_well():
    found = knetc.grad(lambda w: np.sum(w * dropout(X, 1.0)))(np.ones(100))
    assert not found.any()


@pytest.mark.parametrize("x", [X > 1, X.astype(int), [1.0, 2.0], 1.0])
def test_only_arrays_of_floats_are_dropped(x):
    with pytest.raises(DtypeError, match=r"KN334 dropout: `x` is an? .*; expected an array of floats"):
        dropout(x, 0.5)


@pytest.mark.parametrize("seed", [-1, 0.5, "one"])
def test_a_seed_is_an_int(seed):
    with pytest.raises(ArgumentError, match=f"KN331 dropout: `seed` is {seed!r}; expected an int from 0 on"):
        dropout(X, 0.5, seed=seed)


@pytest.mark.parametrize("p", [-0.1, 1.5, float("nan"), None, "half"])
def test_p_is_a_probability(p):
    with pytest.raises(
        ArgumentError, match=rf"KN323 dropout: `p` is {p!r}; expected a probability from 0 to 1"
    ):
        dropout(X, p)
