from __future__ import annotations

import numpy as np
import pytest

from knetc.runtime.broadcast import unbroadcast, unbroadcast_like

SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1), (4, 2, 3), (4, 1, 1), (0,), (2, 0)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wide", [(3,), (2, 3), (4, 2, 3), (2, 0)])
def test_it_is_the_transpose_of_broadcasting(shape, wide):
    try:
        y = np.broadcast_to(np.zeros(shape), wide)
    except ValueError:
        return
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=shape), rng.normal(size=y.shape)
    bar = unbroadcast(g, shape)
    assert np.shape(bar) == shape
    assert np.sum(bar * x) == pytest.approx(np.sum(g * np.broadcast_to(x, wide)), abs=1e-12)


def test_an_array_of_the_right_shape_is_returned_as_it_is():
    g = np.ones((2, 3))
    assert unbroadcast(g, (2, 3)) is g


def test_a_scalar_stays_a_scalar():
    assert unbroadcast(2.5, ()) == 2.5
    assert unbroadcast(np.float32(2.5), ()).dtype == np.float32
    assert unbroadcast_like(2.5, 1.0) == 2.5


def test_the_cotangent_of_a_number_is_the_sum_over_everything():
    for x in (2.5, 3, np.float64(1)):
        total = unbroadcast_like(np.ones((2, 3)), x)
        assert total == 6
        assert np.ndim(total) == 0


def test_float32_stays_float32():
    g = np.ones((2, 3), np.float32)
    assert unbroadcast(g, (3,)).dtype == unbroadcast(g, ()).dtype == np.float32
    assert unbroadcast_like(g, 2.5).dtype == np.float32


def test_an_array_says_its_own_shape():
    assert unbroadcast_like(np.ones((2, 3)), np.ones((2, 1))).tolist() == [[3], [3]]
