from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.ops import logsoftmax, logsumexp, softmax
from tests.ops.checker import case, cotangents

EACH = [softmax, logsoftmax, logsumexp]


def bar(function, x, g, **options):
    return cotangents(case(function, x, **options), like=lambda _: g)[1][0]


def test_softmax_sums_to_one_along_its_axis():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for axis in (-1, 0, (0, 2), None):
        np.testing.assert_allclose(np.sum(softmax(x, axis), axis=axis), 1, rtol=1e-12)


AXES = [0, 1, 2, -1, -2, -3, (0,), (0, 1), (0, 2), (1, 2), (2, 0), (-1, 0), (0, 1, 2), None]


@pytest.mark.parametrize("axis", AXES)
def test_all_three_by_definition_along_all_axes(axis):
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    total = np.sum(np.exp(x), axis=axis, keepdims=True)
    np.testing.assert_allclose(softmax(x, axis), np.exp(x) / total, rtol=1e-12)
    np.testing.assert_allclose(logsoftmax(x, axis), x - np.log(total), rtol=1e-12)
    np.testing.assert_allclose(logsumexp(x, axis), np.log(np.sum(np.exp(x), axis=axis)), rtol=1e-12)
    np.testing.assert_allclose(logsumexp(x, axis, keepdims=True), np.log(total), rtol=1e-12)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("f", EACH)
def test_gradients_along_all_axes(f, axis):
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    assert knetc.gradcheck(lambda x: f(x, axis=axis), x)


@pytest.mark.parametrize("f", EACH)
def test_second_derivatives_along_several_axes(f):
    x, v = np.random.default_rng(0).normal(size=(2, 2, 3, 4))
    g = knetc.grad(lambda x: np.sum(np.sin(f(x, axis=(0, 2)))))
    assert knetc.gradcheck(lambda x: np.sum(g(x) * v), x, rtol=1e-5)


def test_the_logarithm_is_exact_where_softmax_underflows():
    assert logsoftmax(np.array([0.0, -2000.0])).tolist() == [0, -2000]


def test_large_scores_do_not_overflow():
    x = np.array([1e4, 1e4], np.float32)
    assert softmax(x).tolist() == [0.5, 0.5]
    assert float(logsumexp(x)) == pytest.approx(1e4 + np.log(2), rel=1e-7)  # one float32


@pytest.mark.parametrize("tail", [20.0, 50.0, 300.0])
def test_gradients_keep_the_tail_of_a_certain_prediction(tail):
    x, p = np.array([0.0, -tail]), np.exp(-tail)
    np.testing.assert_allclose(bar(softmax, x, np.array([1.0, 0.0])), [p, -p], rtol=1e-6)
    np.testing.assert_allclose(bar(logsoftmax, x, np.array([1.0, 0.0])), [p, -p], rtol=1e-6)
    np.testing.assert_allclose(bar(logsumexp, x, 1.0), [1, p], rtol=1e-6)


def test_gradients_are_right_where_several_scores_are_largest():
    x = np.zeros(4)
    np.testing.assert_allclose(
        bar(softmax, x, np.array([1.0, 0, 0, 0])), [3 / 16, -1 / 16, -1 / 16, -1 / 16], rtol=1e-12
    )
    np.testing.assert_allclose(
        bar(logsoftmax, x, np.array([1.0, 0, 0, 0])), [0.75, -0.25, -0.25, -0.25], rtol=1e-12
    )


def test_the_second_derivative_of_softmax_agrees_with_differences():
    rng = np.random.default_rng(0)
    x, v, direction, h = rng.normal(size=3), rng.normal(size=3), rng.normal(size=3), 1e-5

    def f(x):
        return np.sum(direction * bar(softmax, x, v))

    from knetc.ops.softmax import softmax_along

    y = softmax(x)
    y_bar = case(softmax_along, y, v).op.pullbacks["y"](direction, None, y, v)
    expected = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(bar(softmax, x, y_bar), expected, rtol=1e-6)


def test_masked_scores_get_no_probability():
    assert softmax(np.array([-np.inf, 0.0])).tolist() == [0, 1]
    assert logsumexp(np.array([-np.inf, -np.inf])) == -np.inf


@pytest.mark.parametrize("f", [softmax, logsoftmax])
def test_an_empty_array_stays_empty(f):
    assert f(np.zeros((3, 0))).shape == (3, 0)


def test_a_number_has_all_the_probability():
    assert [softmax(3.0), logsoftmax(3.0), logsumexp(3.0)] == [1, 0, 3]


@pytest.mark.parametrize(("shape", "axis"), [((0,), -1), ((0, 3), 0), ((2, 0), (0, 1)), ((0, 3), None)])
def test_log_sum_exp_of_nothing_is_an_error(shape, axis):
    with pytest.raises(
        ArgumentError, match=r"KN324 logsumexp: `x` of shape .* has no elements along `axis`="
    ):
        logsumexp(np.zeros(shape), axis)


def test_log_sum_exp_of_no_groups_is_empty():
    assert logsumexp(np.zeros((0, 3))).shape == (0,)


@pytest.mark.parametrize("f", EACH)
def test_an_axis_is_named_once(f):
    with pytest.raises(ArgumentError, match=rf"KN324 {f.__name__}: `axis` is \(1, -1\)"):
        f(np.zeros((2, 3)), axis=(1, -1))


@pytest.mark.parametrize("f", EACH)
def test_an_axis_that_does_not_exist_is_named(f):
    with pytest.raises(
        ArgumentError, match=rf"KN324 {f.__name__}: `axis` is 2; .* the 2 axes of `x` of shape \(2, 3\)"
    ):
        f(np.zeros((2, 3)), axis=2)
