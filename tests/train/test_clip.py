from __future__ import annotations

import numpy as np
import pytest

from knetc.train.clip import clipped, global_scale, norm


def test_clipping_keeps_float32():
    assert clipped(np.full(3, 9, np.float32), 1.0).dtype == np.float32


@pytest.mark.parametrize("shape", [(), (0,), (4,), (2, 3), (2, 3, 4, 5)])
def test_the_norm_is_that_of_all_elements(shape):
    g = np.asarray(np.random.default_rng(0).standard_normal(shape))
    assert norm(g) == pytest.approx(np.sqrt((g * g).sum()), rel=1e-12)


def test_the_norm_of_complex_numbers_is_real():
    assert norm(np.array([3 + 4j])) == 5.0


def test_a_square_that_overflows_does_not_spoil_the_norm():
    g = np.full(4, 1e30, np.float32)
    np.testing.assert_allclose(clipped(g, 1.0), 0.5, rtol=1e-6)


def test_the_global_factor_is_that_of_all_gradients_joined():
    gradients = [np.array([1.0, -2.0]), np.array([[2.0], [4.0]])]
    assert global_scale(gradients, 1.0) == pytest.approx(0.2, rel=1e-12)
    assert global_scale(gradients, 5.5) == 1.0
    assert global_scale(gradients, 0.0) == 1.0
