"""The way back leaves memory as it was, and can be gone again."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal
from knetc.recording.entry import Recording
from knetc.recording.tape import Tape, renewed


def recorded(function, *args, wrt=("x",)):
    import inspect

    return Recording(function, inspect.signature(function), wrt).run(args, {})


def stores(x):
    y = x * x
    z = y[1:]
    y[0] = z[0] * 2.0
    z *= y[0]
    return y


def test_the_value_is_whole_again_after_the_way_back():
    x = np.array([0.3, 0.5, 0.7])
    run = recorded(stores, x)
    expected = stores(x)

    run.bars(np.ones(3))

    np.testing.assert_array_equal(run.value, expected)


def test_the_way_back_can_be_gone_again():
    run = recorded(stores, np.array([0.3, 0.5, 0.7]))
    first, second = (run.gradients(run.bars(np.ones(3)), ("x",))[0] for _ in range(2))

    np.testing.assert_array_equal(first, second)


def test_an_error_on_the_way_back_leaves_memory_as_it_was():
    run = recorded(stores, np.array([0.3, 0.5, 0.7]))
    expected = run.value.copy()
    run.tape.entries[0].back = lambda bars: 1 / 0

    with pytest.raises(ZeroDivisionError):
        run.bars(np.ones(3))
    np.testing.assert_array_equal(run.value, expected)


def test_a_closed_tape_records_nothing():
    tape = Tape()
    x = renewed(0.5)
    tape.watch(x)
    tape.is_open = False

    assert not tape.is_active(x)
    assert not tape.reaches([x])


def test_a_tape_knows_what_a_value_holds():
    tape = Tape()
    x, y = renewed(0.5), np.zeros(3)
    tape.watch(x)
    tape.watch(y)

    assert tape.reaches({"a": [1, (x,)]})
    assert tape.reaches(lambda: x)
    assert tape.is_active(y[1:].reshape(2, 1).T)
    assert not tape.reaches([0.5, "x", np.zeros(3), len])


def test_a_store_into_an_array_that_a_view_spreads_out_is_refused():
    def terms(w):
        y = np.broadcast_to(w, (3, 2))
        w[0] = w[1] * 2.0
        yield np.sum(y * y)

    with pytest.raises(Refusal, match="spread out by a view"):
        knetc.grad(lambda w: sum(terms(w)))(np.array([1.0, 2.0]))
