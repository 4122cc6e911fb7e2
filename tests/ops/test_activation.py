from __future__ import annotations

import numpy as np
import pytest

from knetc.ops import elu, relu, selu, sigm, tanh
from tests.ops.checker import case, cotangents

ACTIVATIONS = [relu, sigm, elu, selu, tanh]


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_large_arguments_do_not_overflow(f):
    assert np.all(np.isfinite(f(np.array([-1e4, 1e4], np.float32))))


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_a_number_gives_a_number(f):
    assert np.ndim(f(-0.5)) == 0
    assert not isinstance(f(-0.5), np.ndarray)


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_nan_propagates(f):
    assert np.isnan(f(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("f", "slope"), [(relu, 0), (sigm, 0.25), (elu, 1), (selu, 1.0507009873554805), (tanh, 1)]
)
def test_slopes_at_zero(f, slope):
    _, bars = cotangents(case(f, np.zeros(1)), like=np.ones_like)
    assert bars[0].tolist() == [slope]


def test_sigm_keeps_its_tail():
    np.testing.assert_allclose(sigm(np.array([-100.0])), [np.exp(-100.0)], rtol=1e-12)


def test_the_values_are_those_of_the_definitions():
    x = np.array([-1.5, 2.0])
    np.testing.assert_allclose(elu(x), [np.exp(-1.5) - 1, 2], rtol=1e-12)
    np.testing.assert_allclose(
        selu(x), [1.7580993408473766 * (np.exp(-1.5) - 1), 2 * 1.0507009873554805], rtol=1e-12
    )
    np.testing.assert_allclose(sigm(x), 1 / (1 + np.exp(-x)), rtol=1e-12)
