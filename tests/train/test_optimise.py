from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from knetc.errors import ArgumentError, DtypeError, NonFiniteError, PackageError
from knetc.runtime.frozen import frozen
from knetc.train.optimise import WITH_GRADIENT, WITHOUT_GRADIENT, flat, optimise

X = np.random.default_rng(0).standard_normal((30, 3))
Y = X @ np.array([1.0, -2.0, 0.5]) + 0.25


class Line:
    def __init__(self, dtype=np.float64):
        self.w, self.b = np.zeros(3, dtype), np.zeros((), dtype)
        self.name, self.steps = "line", 3


def squares(model, x, y):
    return np.mean((x @ model.w + model.b - y) ** 2)


def rosenbrock(p):
    return np.sum(100.0 * (p["b"] - p["a"] ** 2) ** 2 + (1.0 - p["a"]) ** 2)


@pytest.mark.parametrize("method", WITH_GRADIENT)
def test_every_method_with_gradients_fits_a_line(method):
    model = Line()
    arrays = model.w, model.b
    result = optimise(squares, model, X, Y, method=method)
    assert result.success
    assert model.w is arrays[0]
    assert model.b is arrays[1]
    np.testing.assert_allclose(model.w, [1.0, -2.0, 0.5], atol=1e-3)
    np.testing.assert_allclose(model.b, 0.25, atol=1e-3)


@pytest.mark.parametrize("method", WITHOUT_GRADIENT)
def test_every_method_without_gradients_finds_the_minimum(method):
    p = [np.array([3.0]), np.array(1.0)]
    result = optimise(lambda p: np.sum((p[0] - 1.0) ** 2) + p[1] ** 2, p, method=method)
    assert result.success
    np.testing.assert_allclose(p[0], [1.0], atol=1e-3)
    np.testing.assert_allclose(p[1], 0.0, atol=1e-3)


def test_a_valley_that_gradient_descent_creeps_along_is_gone_through():
    p = {"a": np.array([-1.2, 0.3]), "b": np.array([1.0, 2.0])}
    result = optimise(rosenbrock, p)
    np.testing.assert_allclose(p["a"], 1.0, atol=1e-4)
    assert result.fun == rosenbrock(p) < 1e-8
    assert result.nfev < 100


def test_the_gradient_is_that_of_the_loss(monkeypatch):
    import scipy.optimize

    def check(objective, start, **_):
        value, gradient = objective(start + 0.1)
        numeric = scipy.optimize.approx_fprime(start + 0.1, lambda x: objective(x)[0], 1e-7)
        np.testing.assert_allclose(gradient, numeric, rtol=1e-4)
        assert value == rosenbrock({"a": start[:2] + 0.1, "b": start[2:] + 0.1})

    monkeypatch.setattr(scipy.optimize, "minimize", check)
    optimise(rosenbrock, {"a": np.array([-1.2, 0.3]), "b": np.array([1.0, 2.0])})


def test_parameters_of_float32_stay_float32():
    model = Line(np.float32)
    optimise(squares, model, X.astype(np.float32), Y.astype(np.float32))
    assert model.w.dtype == model.b.dtype == np.float32
    np.testing.assert_allclose(model.w, [1.0, -2.0, 0.5], atol=1e-3)


def test_shapes_strides_and_nesting_are_kept():
    goal = np.arange(12.0).reshape(2, 3, 2)
    whole = np.zeros((3, 2, 2))
    tree = (whole.transpose(1, 0, 2), [{"s": np.array(5.0)}], "text", None, 7)

    def loss(tree, goal):
        return np.sum((tree[0] - goal) ** 2) + (tree[1][0]["s"] - 2.0) ** 2

    optimise(loss, tree, goal)
    np.testing.assert_allclose(whole.transpose(1, 0, 2), goal, atol=1e-4)
    np.testing.assert_allclose(tree[1][0]["s"], 2.0, atol=1e-4)


def test_a_bare_array_is_changed_in_place():
    w = np.array([4.0, -4.0])
    optimise(lambda w: np.sum((w - 1.0) ** 2), w)
    np.testing.assert_allclose(w, 1.0, atol=1e-5)


def test_tied_arrays_are_one():
    w = np.array([3.0])
    result = optimise(lambda p: np.sum((p[0] - 1.0) ** 2 + (p[1] - 2.0) ** 2), [w, w])
    assert result.x.shape == (1,)
    np.testing.assert_allclose(w, 1.5, atol=1e-6)


def test_what_is_frozen_stays():
    p = {"w": np.array([3.0]), "c": frozen(np.array([2.0]))}
    optimise(lambda p: np.sum((p["w"] * p["c"] - 1.0) ** 2), p)
    assert p["c"].tolist() == [2.0]
    np.testing.assert_allclose(p["w"], 0.5, atol=1e-6)


def test_options_are_those_of_the_method():
    p = {"a": np.array([-1.2]), "b": np.array([1.0])}
    result = optimise(rosenbrock, p, maxiter=2)
    assert (result.success, result.nit) == (False, 2)
    assert result.fun < rosenbrock({"a": np.array([-1.2]), "b": np.array([1.0])})


def test_a_tolerance_ends_the_search_early():
    starts = [{"a": np.array([-1.2]), "b": np.array([1.0])} for _ in range(2)]
    loose, strict = (optimise(rosenbrock, p, tol=tol) for p, tol in zip(starts, (1e-1, 1e-12), strict=True))
    assert loose.nit < strict.nit


def test_an_error_in_the_loss_leaves_the_best_parameters_so_far():
    p, seen = {"a": np.array([-1.2]), "b": np.array([1.0])}, []

    def loss(p):
        if len(seen) == 8:
            raise KeyboardInterrupt
        seen.append((float(np.sum(rosenbrock(p))), p["a"].copy(), p["b"].copy()))
        return rosenbrock(p)

    with pytest.raises(KeyboardInterrupt):
        optimise(loss, p, method="Nelder-Mead")
    least = min(seen[1:])
    assert (p["a"], p["b"]) == (least[1], least[2])


# ---- what is refused


def test_an_unknown_method_is_refused_with_those_that_are_known():
    with pytest.raises(ArgumentError, match="KN428 `method` is 'sgd'; expected one of L-BFGS-B, BFGS"):
        optimise(rosenbrock, {}, method="sgd")


def test_an_unknown_option_is_refused():
    p = np.array([3.0])
    with pytest.raises(
        ArgumentError, match="KN428 `BFGS` has other options: Unknown solver options: max_iter"
    ):
        optimise(lambda p: np.sum(p**2), p, method="BFGS", max_iter=3)
    assert p.tolist() == [3.0]


@pytest.mark.parametrize("params", [{"c": frozen(np.ones(2)), "x": 1.5}])
def test_nothing_to_train_is_refused(params):
    with pytest.raises(ArgumentError, match="KN406 there is nothing to train: the dict holds no float array"):
        optimise(lambda p: p["x"] ** 2 + np.sum(p["c"]), params)


def test_read_only_arrays_are_refused():
    w = np.ones(2)
    w.flags.writeable = False
    with pytest.raises(ArgumentError, match=r"KN412 `.*w.*` is read-only"):
        optimise(lambda p: np.sum(p["w"] ** 2), {"w": w})


def test_complex_arrays_are_refused():
    with pytest.raises(DtypeError, match="KN428 `params` holds complex128; expected float64 or float32"):
        optimise(lambda w: np.sum(np.abs(w) ** 2), np.array([1 + 1j]))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_start_without_a_finite_loss_is_refused(value):
    w = np.array([value])
    with pytest.raises(NonFiniteError, match=r"KN501 the loss is (nan|inf) at the start"):
        optimise(lambda w: np.sum(np.abs(w)), w)


def test_without_scipy_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(PackageError, match="KN426 this needs the package `scipy`") as caught:
        optimise(lambda w: np.sum(w**2), np.ones(2))
    assert caught.value.help == "pip install 'knetc[scipy]'"


def test_a_vector_has_the_values_in_order():
    assert flat([np.array([[1, 2], [3, 4]], np.float32).T, np.array(5.0)]).tolist() == [
        1.0,
        3.0,
        2.0,
        4.0,
        5.0,
    ]
