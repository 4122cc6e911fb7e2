"""A forward value is kept under a name of its own only if something overwrites or changes it."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from knetc.testing import gradcheck
from tests.stages import sweeps

ROW = np.array([0.5, -0.25, 0.75])


def not_overwritten(x):
    y = x * x
    return np.sum(y * x)


def read_then_overwritten(x, n):
    for _ in range(n):
        x = x * x
    return np.sum(x)


def result_is_enough(x, n):
    for _ in range(n):
        x = np.tanh(x)
    return np.sum(x)


def overwritten_in_a_branch(x, n):
    y = x * x
    if n:
        x = x * 3.0
    return np.sum(x * y)


def list_changed_later(x, n):
    ks = [2.0, 3.0]
    y = x * ks[0]
    ks[0] = 5.0
    return np.sum(y * ks[0])


def array_changed_later(x, n):
    k = np.ones(3)
    y = x * k
    k[0] = 5.0
    return np.sum(y * k)


def changed_through_another_name(x, n):
    k = np.ones(3)
    other = k
    y = x * k
    other[0] = 5.0
    return np.sum(y * k)


def index_overwritten(x, n):
    i = 0
    y = x[i]
    i = 1
    return y * x[i]


def test_what_is_not_overwritten_is_read_where_it_is():
    assert "prev" not in sweeps(not_overwritten, ROW)[0]


def test_what_the_assignment_overwrites_is_kept_in_front_of_it():
    assert "  x_prev = x\n  x = np.multiply(x, x)" in sweeps(read_then_overwritten, ROW, 2)[0]


def test_a_rule_that_reads_the_result_keeps_nothing_else():
    assert "prev" not in sweeps(result_is_enough, ROW, 2)[0]


def test_a_name_is_kept_in_front_of_the_branch_that_overwrites_it():
    forward = sweeps(overwritten_in_a_branch, ROW, 1)[0].splitlines()
    assert forward.index("x_prev = x") < forward.index("if n")


def test_an_array_that_is_changed_is_copied():
    assert "k_prev = np.copy(k)" in sweeps(array_changed_later, ROW, 1)[0]


def test_a_change_through_another_name_is_seen():
    assert "k_prev = np.copy(k)" in sweeps(changed_through_another_name, ROW, 1)[0]


@pytest.mark.parametrize(
    "function",
    [
        read_then_overwritten,
        result_is_enough,
        overwritten_in_a_branch,
        list_changed_later,
        array_changed_later,
        changed_through_another_name,
        index_overwritten,
    ],
)
@pytest.mark.parametrize("n", [0, 2])
def test_the_gradient_agrees_with_differences(function, n):
    gradcheck(function, copy.deepcopy(ROW), n)
