"""Bugs that source-to-source differentiation has had elsewhere, each by its name (`reliability.md`, section 1)."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import knetc
from knetc.recording.entry import Recording
from knetc.testing.differences import slope

A = 0.7
V = np.array([0.3, -1.2, 0.9])
CASES: list[tuple[str, Callable[..., float], tuple[Any, ...]]] = []


def like(bug: str, *args: Any) -> Callable[..., Any]:
    """A function in which a compiler has had this bug, to be tried at these arguments."""

    def enter(function: Callable[..., float]) -> Callable[..., float]:
        CASES.append((bug, function, args))
        return function

    return enter


# ---- 1: a value is overwritten before the backward sweep reads it


@like("tangent#64", A)
def augmented(a):
    t = a
    t += t * t
    t *= t
    return t


@like("warp#174", A)
def overwritten_by_a_loop(a):
    t = a
    for _ in range(3):
        t = np.sin(t * a)
    return t


@like("taichi#2505", V)
def read_then_changed(v):
    t = v[0] * v[1]
    v[0] = t * v[2]
    return v[0] * t


@like("HyperJet#76", A)
def times_itself(a):
    t = a
    s = t
    t *= t
    return t * s


@like("HyperJet#76", V)
def array_times_itself(v):
    w = v.copy()
    x = w
    w *= w
    x *= w
    return np.sum(w * x)


# ---- 2: what an iteration saves goes to one slot


@like("quadrants#491", A)
def results_of_each_step(a):
    t = a
    for _ in range(4):
        t = np.tanh(t) + np.exp(-t * t)
    return t


@like("quadrants#501", V)
def a_tangent_in_nested_loops(v):
    t = 0.1
    for i in range(3):
        for x in v:
            t = np.tan(t * 0.3) + np.exp(t * x * 0.1) * i
    return t


@like("Enzyme#272", V)
def saved_under_a_condition(v):
    t = 1.0
    for i in range(3):
        if i != 1:
            s = t * v[i]
            t = np.sin(s) * s
    return t


@like("Enzyme#2708", V)
def saved_in_a_loop_that_is_left(v):
    t = 1.0
    for x in v:
        s = t * x
        if x < -1:
            break
        t = s * s + x
    return t * s


# ---- 3: a branch or a maximum in a loop


@like("tangent#66", V)
def log_sum_exp(v):
    largest = v[0]
    for x in v:
        if x > largest:
            largest = x
    return np.log(np.sum(np.exp(v - largest))) + largest


@like("Enzyme#2002", V)
def maximum_in_a_loop(v):
    t = 0.1
    for x in v:
        t = np.maximum(t * 0.5, x) + t
    return t * t


# ---- 4: a name that only some paths assign


@like("tangent#69", A)
def assigned_in_one_branch(a):
    if a > 5:
        s = a * a
    else:
        t = np.sin(a)
    if a > 5:
        return s
    return t * a


@like("tangent#56", V)
def indexed_in_a_loop(v):
    total = 0.0
    for i in range(len(v)):
        x = v[i]
        total = total + x * v[i - 1]
    return total * x


# ---- 5: recomputed values are compared


@like("jax#40564", A)
def maximum_of_what_is_computed_twice(a):
    return np.maximum(a * a * 0.1 + a / 3, 0.2) * max(a * a * 0.1 + a / 3, 0.1)


# ---- 6, 7: tails; state between calls


@like("jax#2140", 0.0)
def log_sigmoid(a):
    return -np.log1p(np.exp(-a))


@pytest.fixture(params=["grad", "recorded"])
def gradient(request):
    """The gradients by all arguments, as knetc finds them, and by recording."""

    def gradients(f, *args):
        names = tuple(inspect.signature(f).parameters)
        args = copy.deepcopy(args)
        if request.param == "grad":
            return knetc.grad(f, wrt=names)(*args)
        return Recording(f, inspect.signature(f), names).gradient(*args)[1]

    return gradients


@pytest.mark.parametrize(("bug", "f", "args"), CASES, ids=[f"{bug}-{f.__name__}" for bug, f, _ in CASES])
def test_a_known_bug_is_not_ours(bug, f, args, gradient):
    given = dict(zip(inspect.signature(f).parameters, args, strict=True))
    directions = {name: np.linspace(0.5, 1.5, np.size(x)).reshape(np.shape(x)) for name, x in given.items()}
    expected = [slope(f, given, name, directions[name]) for name in given]

    found = gradient(f, *args)

    got = [np.sum(g * d) for g, d in zip(found, directions.values(), strict=True)]
    np.testing.assert_allclose(got, expected, rtol=1e-7)


def test_integers_in_a_loop_with_a_branch_are_refused_and_not_zero():
    with pytest.raises(knetc.errors.DtypeError):
        knetc.grad(log_sum_exp)(np.array([1, 2, 3]))


def test_softmax_keeps_a_tail_that_can_be_represented(gradient):
    def log_of_the_smallest(v):
        return v[0] - np.max(v) - np.log(np.sum(np.exp(v - np.max(v))))

    found = gradient(log_of_the_smallest, np.array([-700.0, 0.0, -690.0]))[0]

    np.testing.assert_allclose(found, [1.0, -1.0, -np.exp(-690.0)], rtol=1e-12, atol=0)


def test_log_sigmoid_has_the_slope_one_half_at_zero(gradient):
    assert gradient(log_sigmoid, 0.0)[0] == 0.5


def test_later_calls_give_what_the_first_gave():
    gradients = knetc.grad(results_of_each_step)
    first = gradients(A)
    gradients(np.array(A))
    gradients(np.float64(-A))

    assert gradients(A) == first
