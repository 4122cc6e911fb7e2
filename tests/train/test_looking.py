from __future__ import annotations

import numpy as np

from knetc.recording.recorder import Recorder
from knetc.train.looking import LookingTape


def steps(function, *arrays):
    """The steps of a function, all of whose arguments count."""
    tape = LookingTape()
    for array in arrays:
        tape.watch(array)
    with np.errstate(all="ignore"):
        Recorder(tape).recorded_function(function)(*arrays)
    return tape.steps


def inner(x):
    return np.log(x)


def program(x, y):
    h = inner(x)
    k = h * np.inf
    return np.sum(k - y)


def kinds(found):
    return [(step.is_clean, step.is_foreign, step.makes_nan) for step in found]


def test_each_step_knows_the_line_that_was_running():
    found = steps(program, np.ones(2), np.ones(2))
    assert [step.place.text.strip() for step in found] == [
        "return np.log(x)",
        "k = h * np.inf",
        "return np.sum(k - y)",
        "return np.sum(k - y)",
    ]


def test_a_step_out_of_finite_values_is_clean():
    assert kinds(steps(inner, np.array([2.0, 0.0]))) == [(True, False, False)]
    assert kinds(steps(inner, np.array([2.0, -1.0]))) == [(True, False, True)]
    assert kinds(steps(inner, np.array([2.0, 1.0]))) == [(False, False, False)]


def test_what_comes_from_outside_is_foreign_and_what_follows_is_neither():
    log, times, minus, total = steps(program, np.array([2.0, 1.0]), np.ones(2))
    assert kinds([log, times]) == [(False, False, False), (False, True, True)]  # log(1) * inf is nan
    assert times.told == "`np.multiply` got 0.0 and inf and gave nan"
    assert kinds([minus, total]) == [(False, False, False)] * 2
    assert total.bad_output


def test_words_are_those_of_the_moment():
    def overwritten(x):
        x /= 0.0
        x[:] = 1.0
        return np.sum(x)

    assert steps(overwritten, np.array([3.0]))[0].told == "`np.divide` got 3.0 and 0.0 and gave inf"
