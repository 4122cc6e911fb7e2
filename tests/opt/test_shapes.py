"""Shapes are read from what the backward sweep has at hand anyway."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.opt.shapes import share_shapes
from tests.stages import analysed, generated, shown


def mean_of_squares(x, y):
    diff = x - y
    power = diff**2
    return np.mean(power)


def backward(diff, power, g):
    h = 2.0 / power.size * diff
    return np.broadcast_to(g, power.shape) * h


def reads_power(power, g):
    return np.broadcast_to(g, power.shape) * power


def only_the_shape(power, g):
    return np.broadcast_to(g, power.shape)


def rebound(x, y, n):
    h = x * y
    for _ in range(n):
        h = h * y
    return np.sum(h)


def shape_of_h(h, g):
    return np.broadcast_to(g, h.shape)


ROW, ROWS = np.ones(3), np.ones((2, 3))


def shared(function, block, *args):
    found = analysed(function, *args)
    return shown(share_shapes(generated(block), found.function, found.facts))


def test_a_shape_is_read_from_an_operand_that_is_read_anyway():
    text = shared(mean_of_squares, backward, ROW, ROW)
    assert "diff.size" in text
    assert "diff.shape" in text
    assert "power" not in text


def test_a_shape_is_read_from_a_parameter():
    assert "x.shape" in shared(mean_of_squares, only_the_shape, ROW, ROW)


def test_the_operand_must_not_have_been_stretched():
    assert "x.shape" in shared(mean_of_squares, only_the_shape, ROWS, ROW)
    assert "y.shape" in shared(mean_of_squares, only_the_shape, ROW, ROWS)


def test_a_value_that_is_read_whole_lends_its_own_shape():
    assert "power.shape" in shared(mean_of_squares, reads_power, ROW, ROW)


@pytest.mark.parametrize("args", [(ROW, 2.0, 3), (ROWS, ROW, 3)])
def test_a_name_with_several_values_keeps_its_shape(args):
    assert "h.shape" in shared(rebound, shape_of_h, *args)
