"""What the caller finds after a recorded run: what the function has left, and nothing else."""

# ruff: noqa: PYI024, RUF015
from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest

import knetc
from knetc.errors import Refusal

Pair = namedtuple("Pair", "a b")


def test_equal_constants_in_a_list_are_told_apart():
    def f(ws, x):
        ws.append(x)
        return ws[0] * 2.0 + ws[1] * 3.0

    assert knetc.grad(f)([0.5, 0.5], 1.5) == [2.0, 3.0]


def test_an_array_that_is_given_twice_has_two_gradients():
    def f(x, y):
        return sum(a * b for a, b in zip([v for v in x], y))  # noqa: B905, C416

    x = np.array([0.5, 1.5])
    gradients = knetc.grad(f, wrt=(0, 1))(x, x)

    np.testing.assert_array_equal(gradients, [x, x])


def test_an_array_twice_in_a_list_has_two_gradients_and_stays_one_array():
    def f(ws):
        return [w for w in ws][0].sum() + 2.0 * ws[1].sum()  # noqa: C416

    w = np.ones(2)
    ws = [w, w]
    first, second = knetc.grad(f)(ws)

    assert ws[0] is ws[1] is w
    np.testing.assert_array_equal(first, [1.0, 1.0])
    np.testing.assert_array_equal(second, [2.0, 2.0])


def test_what_is_written_into_an_argument_is_seen_once():
    def f(x):
        tail = x[1:]
        tail += 1.0
        return np.sum(x * x)

    x = np.array([0.5, 1.5])
    np.testing.assert_array_equal(knetc.grad(f)(x), [1.0, 5.0])
    np.testing.assert_array_equal(x, [0.5, 2.5])


def test_the_gradient_has_the_structure_from_before_the_call():
    def f(state):
        state["log"] = state["w"] * 2.0
        return state.pop("w") * state["log"]

    assert knetc.grad(f)({"w": 0.5}) == {"w": 2.0}


def test_named_tuples_come_back_as_such():
    def f(p):
        values = [v * v for v in p]
        return values[0] + values[1]

    assert knetc.grad(f)(Pair(0.5, 1.5)) == Pair(1.0, 3.0)


def test_a_read_only_argument_stays_so():
    def f(x):
        view = x[:]
        view[0] = 1.0
        return np.sum(x)

    x = np.ones(2)
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        knetc.grad(f)(x)


def test_values_in_the_programs_hands_are_ordinary():
    seen = []

    def f(x):
        y = [v * 2.0 for v in x][0]
        seen.append((type(y), isinstance(y, float), f"{y:.1f}"))
        return y * y

    knetc.grad(f)([0.5])

    assert seen == [(float, True, "1.0")]


def test_nothing_of_the_recorder_is_left_in_the_users_objects():
    class Cell:
        def __init__(self):
            self.h = 0.0

        def __call__(self, x):
            self.h = self.h + x * x
            return self.h

    cell = Cell()

    def f(x):
        return cell(x) * cell(x)

    assert knetc.grad(f)(0.5) == pytest.approx(8 * 0.5**3)
    assert type(cell.h) is float
    assert cell.h == 0.5


def test_fields_of_records_are_arrays():
    def f(x):
        records = np.zeros(3, dtype=[("u", "f8"), ("v", "f8")])
        records["u"] = x
        records["v"][1] = x[0] * x[1]
        return np.sum(records["u"] ** 2) + np.sum(records["v"])

    x = np.array([0.3, 0.5, 0.7])
    np.testing.assert_allclose(knetc.grad(f)(x), [2 * 0.3 + 0.5, 2 * 0.5 + 0.3, 2 * 0.7])


def test_arrays_of_objects_are_refused():
    def f(x):
        values = np.array([x[0], x[1] * 2.0], dtype=object)
        return values[0] * values[1]

    with pytest.raises(Refusal, match="an array of Python objects"):
        knetc.grad(f)(np.array([0.3, 0.5]))


def test_classes_made_of_what_they_walk_over():
    class Many(list):
        pass

    class Fixed(tuple):  # noqa: SLOT001
        def __new__(cls, values):
            return super().__new__(cls, values)

    def f(x):
        return sum(a * b for a, b in zip(Many(x), Fixed(x)))  # noqa: B905

    np.testing.assert_allclose(knetc.grad(f)(np.array([0.3, 0.5])), [0.6, 1.0])
