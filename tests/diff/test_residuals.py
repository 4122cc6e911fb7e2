"""What the forward sweep hands over: no more than the backward sweep reads."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.testing import gradcheck
from tests.stages import sweeps

ROW = np.array([0.5, -0.25, 0.75])


def one_value(x, n):
    for _ in range(n):
        x = np.tanh(x)
    return np.sum(x)


def several_values(x, n):
    for i in range(n):
        x = np.tanh(x) * x * i
    return np.sum(x)


def counter_only(x, n):
    for i in range(n):
        x = x * i
    return x


def counter_after_break(x, n):
    for i in range(n):
        if i > 2:
            break
        x = x * (i + 1)
    return x


def nested(x, n):
    for i in range(n):
        for j in range(i):
            x = np.tanh(x) * j
    return np.sum(x)


def bound_in_one_branch(x, n):
    for i in range(n):
        if i > 1:
            t = x * 2.0
            x = t * t
        else:
            x = x * x
    return x


def bound_in_the_loop_and_read_behind(x, n):
    y = x
    for _ in range(n):
        y = np.tanh(y)
    return np.sum(y * y)


def linear(x):
    return np.sum(x) * 3.0


def test_one_value_a_round_is_kept_bare():
    forward, backward = sweeps(one_value, ROW, 3)
    assert "steps.append(x)" in forward
    assert "for x in reversed(steps)" in backward


def test_several_values_a_round_are_a_tuple():
    assert "steps.append((tanh_out, x_prev))" in sweeps(several_values, ROW, 3)[0]


def test_a_loop_that_only_counts_keeps_no_list():
    forward, backward = sweeps(counter_only, 0.5, 3)
    assert "steps" not in forward
    assert "for i in reversed(range(n))" in backward


def test_a_loop_that_may_be_left_records_its_rounds():
    assert "steps.append" in sweeps(counter_after_break, 0.5, 3)[0]


def test_a_list_of_an_inner_loop_is_recorded_by_the_outer():
    forward, _ = sweeps(nested, ROW, 3)
    assert forward.count("= []") == 2
    assert "steps.append(" in forward


def test_a_value_that_a_way_out_does_not_have_is_none():
    forward, _ = sweeps(bound_in_one_branch, 0.5, 3)
    assert "None" in forward


def test_a_linear_function_hands_over_next_to_nothing():
    assert sweeps(linear, ROW)[0].endswith("(np.multiply(np.sum(x), 3.0), x)")


@pytest.mark.parametrize(
    "function",
    [
        one_value, several_values, counter_only, counter_after_break, nested, bound_in_one_branch,
        bound_in_the_loop_and_read_behind,
    ],
)  # fmt: skip
@pytest.mark.parametrize("n", [0, 1, 4])
def test_the_gradient_agrees_with_differences(function, n):
    gradcheck(lambda x: np.sum(function(x, n)), ROW)


def doubled_unless_left(a):
    c = a
    for _ in range(3):
        c = c * 2
        for j in range(2):
            if j > 5:
                return 0.5
    return c


def test_an_inner_loop_that_only_leaves_keeps_the_list_of_the_outer_one():
    assert knetc.grad(doubled_unless_left)(0.37) == 8.0
