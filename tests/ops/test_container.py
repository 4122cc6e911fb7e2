"""The operators of lists and tuples."""

# ruff: noqa: RUF005  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.ops import container
from knetc.testing import gradcheck

ROW = np.array([0.5, -0.25, 0.75])


def test_the_cotangent_of_a_sum_of_lists_is_cut_in_two():
    g = [1.0, None, 3.0]
    assert container.concatenate_left(g, None, [0.0], [0.0, 0.0]) == [1.0]
    assert container.concatenate_right(g, None, [0.0], [0.0, 0.0]) == [None, 3.0]


def test_an_empty_list_gets_an_empty_cotangent():
    assert container.concatenate_left([1.0], None, [], [0.0]) == []
    assert container.concatenate_right([1.0], None, [0.0], []) == []


@pytest.mark.parametrize(("x", "y"), [([0.5], [0.25]), ((0.5,), (0.25,))])
def test_a_sum_whose_kind_is_known_only_now_may_be_of_lists(x, y):
    assert container.add_left([1.0, 2.0], None, x, y) == [1.0]
    assert container.add_right([1.0, 2.0], None, x, y) == [2.0]


def test_or_of_arrays():
    g = np.ones((2, 3))
    assert container.add_left(g, None, ROW, g).tolist() == [2.0, 2.0, 2.0]
    assert container.add_right(g, None, ROW, g) is g


def test_what_flows_into_every_copy_is_summed():
    assert container.repeat_items([1.0, None, 2.0, 3.0], None, [0.0, 0.0], 2) == [3.0, 3.0]
    assert container.repeated_items([1.0, 2.0, 4.0], None, 3, [0.0]) == [7.0]


def joined(xs, ys):
    zs = xs + ys
    return zs[0] * zs[1] * zs[-1]


def repeated(xs, n):
    zs = xs * n
    total = 0.0
    for i in range(len(zs)):
        total = total + zs[i] ** (i + 1)
    return total


def repeated_from_the_left(xs, n):
    zs = n * xs
    return zs[0] * zs[-1]


def grown(x, n):
    zs = []
    for i in range(n):
        zs = zs + [x * i, x]
    return np.sum(zs[-2] * zs[1])


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (joined, ([0.5, 0.25], [0.75])),
        (joined, ((0.5, 0.25), (0.75,))),
        (repeated, ([0.5, 0.25], 3)),
        (repeated_from_the_left, ([0.5, 0.25], 2)),
        (grown, (ROW, 3)),
    ],
)
def test_gradients_through_lists_agree_with_differences(function, args):
    gradcheck(function, *args)
