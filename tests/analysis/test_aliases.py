"""Names that may share storage are in one class."""

# ruff: noqa: B905, RET504  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.analysis.aliases import alias_classes
from tests.stages import anf


def assigned(x, y):
    a = x
    b = a
    return b * y


def views(x):
    a = x[1:]
    b = a.T
    c = np.reshape(x, -1)
    return b, c


def fresh(x, y):
    a = x * y
    b = np.sum(x)
    c = np.copy(x)
    d = x @ y
    return a * b * c * d


def held(x, y):
    items = [x, y]
    z = items[0]
    return z


def of_object(m):
    w = m.w
    return w


def walked(xs, ys):
    for x, y in zip(xs, ys):
        print(x, y)


def called(f, x, y):
    z = f(x)
    return z * y


def opaque(x, y):
    x.append(y)


def only_read(x, y):
    print(x, y)


def classes(function):
    found = alias_classes(anf(function)[0].body)
    return {
        "".join(sorted(n for n in members if len(n) == 1 or n in ("items", "xs", "ys")))
        for members in found.values()
    }


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (assigned, {"abx", ""}),
        (views, {"abcx", ""}),
        (held, {"itemsxyz"}),
        (of_object, {"mw"}),
        (called, {"fxz", ""}),
        (opaque, {"xy"}),
        (only_read, set()),
    ],
)
def test_the_classes_of(function, found):
    assert classes(function) - {""} == found - {""}


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_what_an_operation_makes_is_alone(name):
    assert alias_classes(anf(fresh)[0].body)[name] == {name}


def test_loop_variables_share_with_what_is_walked():
    found = alias_classes(anf(walked)[0].body)
    assert found["x"] >= {"x", "xs"}
    assert found["y"] >= {"y", "ys"}
