"""The names that every path to a statement binds."""

# ruff: noqa: B007, F841, RET505  programs for the compiler are written in every way
from __future__ import annotations

from knetc.analysis.assigned import assigned_before
from knetc.front.lower import lower


def branches(x, n):
    if n:
        a = x
        b = x
    else:
        a = -x
    return a


def left_in_a_branch(x, n):
    if n:
        return x
    else:
        a = x
    return a


def looping(x, n):
    for i in range(n):
        a = x
    while n:
        b = x
    return x


def opaque(x):
    with x as y:
        pass
    return y


def before_the_last(function):
    f = lower(function)
    return assigned_before(f)[id(f.body[-1])]


def test_what_both_branches_bind_is_bound():
    assert before_the_last(branches) == {"x", "n", "a"}


def test_a_branch_that_jumps_does_not_count():
    assert before_the_last(left_in_a_branch) == {"x", "n", "a"}


def test_a_loop_may_not_run():
    assert before_the_last(looping) == {"x", "n"}


def test_a_loop_variable_is_bound_in_the_loop():
    f = lower(looping)
    assert assigned_before(f)[id(f.body[0].body[0])] == {"x", "n", "i"}


def test_what_an_opaque_statement_binds_is_not_sure():
    assert before_the_last(opaque) == {"x"}
