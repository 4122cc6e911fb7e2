"""gradcheck finds wrong gradients, wherever they hide, and lets right ones pass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, KnetcError, Refusal
from knetc.ops import registry
from knetc.testing import GradcheckError, gradcheck

X = np.array([0.3, -1.2, 2.0])


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


def wrong(x):
    """Twice x, with a derivative of 3."""
    return 2 * x


def nan_slope(x):
    return 2 * x


def wrong_last(x):
    return 2 * x


@pytest.fixture(autouse=True, scope="module")
def _rules():
    """Wrong rules, for this module only."""
    registry.elementwise(wrong, lambda y, x: 3.0)
    registry.elementwise(nan_slope, lambda y, x: x * np.nan)
    registry.rule(wrong_last, x=lambda g, y, x: 2 * g * (np.arange(x.size) < x.size - 1))
    yield
    for function in (wrong, nan_slope, wrong_last):
        del registry.OPS[function]


class Dense:
    def __init__(self, w, b):
        self.w, self.b, self.name = w, b, "dense"

    def __call__(self, x):
        return np.tanh(x @ self.w + self.b)

    def loss(self, x):
        return np.sum(self(x) ** 2)


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def square(x):
    return np.sum(x * x)


# ---- right gradients pass


def test_a_right_gradient_passes():
    assert gradcheck(square, X) is True


def test_numbers_pass():
    def f(a, b):
        return math.sin(a) * b

    assert gradcheck(f, 0.7, 2.5)


def test_every_float_argument_is_checked():
    def f(w, x, n, name):
        return np.sum(np.tanh(w * x)) * n

    assert gradcheck(f, X, X + 1, 3, "n")


def test_keyword_arguments_pass():
    def f(x, *, scale, shift=1.0):
        return np.sum(x * scale + shift * x)

    assert gradcheck(f, X, scale=2.5)


def test_positional_only_arguments_pass():
    def f(x, /, y):
        return x * y

    assert gradcheck(f, X, X + 2)


def test_dicts_lists_and_tuples_pass():
    def f(p, xs, pair):
        return np.sum(p["w"] * xs[1]) * pair[0] + np.sum(xs[0]) * pair[1]

    assert gradcheck(f, {"w": X}, [X + 1, X * 2], (0.5, 3.0))


def test_objects_pass():
    def f(layer, x):
        return np.sum(layer(x) ** 2)

    rng = np.random.default_rng(0)
    assert gradcheck(f, Dense(rng.normal(size=(3, 2)), rng.normal(size=2)), rng.normal(size=(4, 3)))


def test_frozen_dataclasses_pass():
    def f(p):
        return p.x * p.x * p.y

    assert gradcheck(f, Point(1.5, -2.0))


def test_named_tuples_pass():
    def f(p):
        return np.sum(p[0] * p[1] * p[1])

    assert gradcheck(f, Pair(X, X + 1))


def test_a_bound_method_is_checked_in_its_arguments():
    assert gradcheck(Dense(np.ones((3, 2)), np.zeros(2)).loss, X)


def test_a_decorated_function_is_checked_in_what_it_is_differentiated_by():
    @knetc.grad(wrt="y")
    def f(x, y):
        return np.sum(wrong(x) * y)

    assert gradcheck(f, X, X + 1)


def test_an_object_shared_by_two_places_is_checked_in_each():
    def f(layers, x):
        return np.sum(layers[0](x)) + 2 * np.sum(layers[1](x))

    shared = Dense(np.full((3, 3), 0.1), np.zeros(3))
    assert gradcheck(f, [shared, shared], X)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_narrow_floats_are_checked_as_float64(dtype):
    assert gradcheck(square, X.astype(dtype))


def test_large_arguments_take_large_steps():
    def f(x):
        return x * x

    assert gradcheck(f, 3e7)


def test_an_empty_array_passes():
    assert gradcheck(square, np.ones((0, 3)))


def test_the_arguments_stay_as_they_were():
    def f(p):
        return np.sum(p["w"] * p["w"])

    given = {"w": X.copy()}
    gradcheck(f, given)

    np.testing.assert_array_equal(given["w"], X)


# ---- results that are not scalars


def test_an_array_result_is_weighted():
    def f(x):
        return np.outer(x, np.sin(x))

    assert gradcheck(f, X)


def test_a_result_of_several_parts_is_weighted():
    def f(x, y):
        return {"sum": np.sum(x * y), "both": (x * x, [y])}

    assert gradcheck(f, X, X + 1)


def test_a_wrong_array_result_is_found():
    def f(x):
        return wrong(x)

    with pytest.raises(GradcheckError, match="KN502"):
        gradcheck(f, X)


def test_a_wrong_second_part_is_found():
    def f(x):
        return x * x, wrong(x)

    with pytest.raises(GradcheckError, match="KN502"):
        gradcheck(f, X)


# ---- wrong gradients are found


def test_a_wrong_gradient_is_reported_with_both_values():
    def f(x):
        return wrong(x)

    with pytest.raises(GradcheckError, match=r"of `f` with respect to `x` is -?3 .* differences give -?2"):
        gradcheck(f, 1.5)


def test_one_wrong_element_is_found():
    def f(x):
        return np.sum(wrong_last(x))

    with pytest.raises(GradcheckError, match="KN502"):
        gradcheck(f, X)


@pytest.mark.parametrize("seed", range(5))
def test_every_seed_finds_it(seed):
    def f(x):
        return np.sum(wrong_last(x))

    with pytest.raises(GradcheckError, match="KN502"):
        gradcheck(f, X, seed=seed)


def test_nan_is_a_disagreement():
    def f(x):
        return np.sum(nan_slope(x))

    with pytest.raises(GradcheckError, match="is nan in a random"):
        gradcheck(f, X)


def test_the_path_of_the_wrong_leaf_is_named():
    def f(p):
        return np.sum(p["layers"][1].w * 2) + np.sum(wrong(p["layers"][1].b))

    with pytest.raises(GradcheckError, match=r"`p\['layers'\]\[1\]\.b`"):
        gradcheck(f, {"layers": [None, Dense(X, X)]})


def test_only_the_arguments_in_wrt_are_checked():
    def f(x, y):
        return np.sum(x * wrong(y))

    assert gradcheck(f, X, X, wrt="x")
    with pytest.raises(GradcheckError, match="`y`"):
        gradcheck(f, X, X, wrt=("x", "y"))


def test_a_wide_tolerance_accepts():
    def f(x):
        return np.sum(wrong(x))

    assert gradcheck(f, X, rtol=0.6)


def test_a_disagreement_is_an_assertion_error():
    assert issubclass(GradcheckError, AssertionError)
    assert issubclass(GradcheckError, KnetcError)


# ---- bad input


def test_arguments_without_floats_are_refused():
    def f(n):
        return n * 2

    with pytest.raises(DtypeError, match="KN302 no argument of `f` holds a float"):
        gradcheck(f, 3)


def test_complex_arguments_are_refused():
    with pytest.raises(DtypeError, match="KN302 `x` is complex"):
        gradcheck(square, X + 1j)


def test_an_unknown_wrt_is_refused():
    with pytest.raises(ArgumentError, match="KN303 `wrt` is 'z'"):
        gradcheck(square, X, wrt="z")


def test_a_refused_function_is_refused():
    def f(x):
        return eval("np.sum(x)")

    with pytest.raises(Refusal, match="KN101"):
        gradcheck(f, X)


def test_wrong_arguments_are_a_type_error():
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        gradcheck(square)
