from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.train.origin import origin_of_gradient, origin_of_value


def masked(w, x):
    safe = np.where(w > 0, np.log(w), 0.0)  # log(0) is left out here
    return np.sum(safe) * np.exp(x)


def stored(w):
    out = np.zeros(3)
    for i in range(3):
        out[i] = 1 / w[i]
    return np.sum(out)


def outside(w, n):
    return np.sum(w * (np.ones(2) / n))


def in_place(w, x):
    h = w * x
    h[0] = 5.0
    h /= x
    return np.sum(h)


def normed(w):
    return np.linalg.norm(w - w)


def with_setting(w, x, p=0.0):
    return np.sum(np.sqrt(w["w"] * x) * w["p"] ** 0.5)


def powers(w):
    return np.sum(w**0.5)


def overflowing(w, x):
    return np.sum(w @ x)


def through_list(w):
    parts = [np.sum(w), np.sum(np.log(w - w)), 1.0]
    return sum(parts)


def softly(w, y):
    return knetc.nll(w, y)


class Scale:
    def __init__(self, rate):
        self.rate = rate
        self.w = np.ones(2)

    def __call__(self, x):
        return np.sum(self.w * x) / self.rate


def value(f, *args):
    with np.errstate(all="ignore"):
        found = f(*args)
    assert not np.isfinite(found)
    return origin_of_value(f, args)


def gradient(f, *args):
    assert np.isfinite(f(*args))
    return origin_of_gradient(f, args)


@pytest.mark.parametrize(
    ("f", "args", "what", "line"),
    [
        (masked, (np.array([1.0, 0.0]), 1000.0), "`np.exp` got 1000.0 and gave inf", "return np.sum(safe)"),
        (stored, (np.array([1.0, 0.0, 2.0]),), "`np.divide` got 1 and 0.0 and gave inf", "out[i] = 1 / w[i]"),
        (
            outside,
            (np.ones(2), np.array([1, 0])),
            "`np.multiply` got 1.0 and inf and gave inf",
            "return np.sum(w * (",
        ),
        (in_place, (np.ones(2), np.array([0.0, 2.0])), "`np.divide` got 5.0 and 0.0 and gave inf", "h /= x"),
        (through_list, (np.ones(2),), "`np.log` got 0.0 and gave -inf", "parts ="),
        (
            overflowing,
            (np.full((1, 2), 1e200), np.full((2, 1), -1e200)),
            "`np.matmul` got numbers from 1e+200 to 1e+200 and numbers from -1e+200 to -1e+200 and gave -inf",
            "return np.sum(w @ x)",
        ),
        (
            softly,
            (np.array([[0.0, np.inf]]), np.array([0])),
            "`nll` got inf and 0 and gave nan; `w` holds inf at [0, 1]",
            "return knetc.nll(w, y)",
        ),
        (Scale.__call__, (Scale(0.0), np.ones(2)), "`np.divide` got 2.0 and 0.0 and gave inf", "/ self.rate"),
        (Scale.__call__, (Scale(np.nan), np.ones(2)), "`self.rate` is nan", "/ self.rate"),
    ],
)
def test_a_value_is_followed_back_to_its_cause(f, args, what, line):
    found = value(f, *args)
    assert found.what == what
    assert line in found.place.text


@pytest.mark.parametrize(
    ("f", "args", "what", "line"),
    [
        (
            powers,
            (np.array([4.0, 0.0]),),
            "`np.power` got 0.0 and 0.5; its derivative is inf",
            "return np.sum(w**0.5)",
        ),
        (
            normed,
            (np.ones(3),),
            "`np.linalg.norm` gave 0.0; its derivative there is not finite",
            "np.linalg.norm",
        ),
        (
            lambda w: np.sum(np.where(w > 0, np.log(w), 0.0)),
            (np.array([1.0, 0.0]),),
            "`np.log` got 0.0; its derivative is inf",
            "np.log(w)",
        ),
        (
            lambda w: np.sqrt(w) * 1e160,
            (np.array(1e-300),),
            "`np.sqrt` got 1e-300; its derivative is 5e+149, times 1e+160",
            "np.sqrt",
        ),
    ],
)
def test_a_gradient_is_followed_to_the_first_operation_that_has_none(f, args, what, line):
    with np.errstate(all="ignore"):
        found = gradient(f, *args)
    assert found.what == what
    assert line in found.place.text


class Net:
    def __init__(self):
        self.first, self.drop, self.second = (
            knetc.nn.Linear(3, 4),
            knetc.nn.Dropout(0.5),
            knetc.nn.Linear(4, 2),
        )

    def __call__(self, x):
        h = self.drop(np.tanh(self.first(x)))
        return knetc.nll(np.log(self.second(h)), np.array([0, 1]))


def test_layers_are_looked_into_and_the_line_is_the_users():
    net, x = Net(), np.ones((2, 3))
    net.second.w[...], net.second.b[...] = -1.0, -5.0
    found = value(Net.__call__, net, x)
    assert "`np.log` got -" in found.what
    assert "return knetc.nll(np.log" in found.place.text
    net.first.w[1, 2] = np.nan
    found = value(Net.__call__, net, x)
    assert found.what == "`self.first.w` holds nan at [1, 2]"
    assert "h = self.drop(np.tanh(self.first(x)))" in found.place.text


def test_arguments_are_not_changed():
    w = {"w": np.ones(2), "calls": []}

    def f(w, x):
        w["calls"].append(1)
        x[0] = 0.0
        return np.sum(np.log(w["w"] * x))

    x = np.ones(2)
    assert origin_of_value(f, (w, x)).what == "`np.log` got 0.0 and gave -inf"
    assert (w["calls"], x.tolist()) == ([], [1.0, 1.0])


def test_what_cannot_be_run_again_has_no_origin():
    runs = []

    def once(w):
        runs.append(1)
        if len(runs) > 0:
            raise RuntimeError
        return w

    assert origin_of_value(once, (np.ones(1),)) is None
    assert origin_of_gradient(once, (np.ones(1),)) is None


def test_a_finite_value_has_no_origin():
    assert origin_of_value(powers, (np.ones(2),)) is None
    assert origin_of_gradient(powers, (np.ones(2),)) is None
