from __future__ import annotations

import functools
import math

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError
from knetc.ops import elu, gelu, hardsigmoid, hardswish, relu, selu, sigm, softplus, swish, tanh
from knetc.ops.registry import OPS
from tests.ops.checker import case, cotangents

ACTIVATIONS = [relu, sigm, elu, selu, tanh, gelu, hardsigmoid, hardswish, swish, softplus]


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_large_arguments_do_not_overflow(f):
    assert np.all(np.isfinite(f(np.array([-1e4, 1e4], np.float32))))


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_a_number_gives_a_number(f):
    assert np.ndim(f(-0.5)) == 0
    assert not isinstance(f(-0.5), np.ndarray)


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_nan_propagates(f):
    assert np.isnan(f(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (relu, 0),
        (sigm, 0.25),
        (elu, 1),
        (selu, 1.0507009873554805),
        (tanh, 1),
        (gelu, 0.5),
        (hardsigmoid, 1 / 6),
        (hardswish, 0.5),
        (swish, 0.5),
        (softplus, 0.5),
    ],
)
def test_slopes_at_zero(f, slope):
    _, bars = cotangents(case(f, np.zeros(1)), like=np.ones_like)
    assert bars[0].tolist() == [slope]


@pytest.mark.parametrize("f", [*ACTIVATIONS, functools.partial(relu, negative_slope=0.5, threshold=4)])
def test_pixels_are_numbers(f):
    x = np.array([0, 1, 3, 254, 255], np.uint8)
    np.testing.assert_allclose(f(x), f(x.astype(float)), rtol=1e-3)  # numpy gives some of them half precision


def test_sigm_keeps_its_tail():
    np.testing.assert_allclose(sigm(np.array([-100.0])), [np.exp(-100.0)], rtol=1e-12)


def test_the_values_are_those_of_the_definitions():
    x = np.array([-1.5, 2.0])
    np.testing.assert_allclose(elu(x), [np.exp(-1.5) - 1, 2], rtol=1e-12)
    np.testing.assert_allclose(
        selu(x), [1.7580993408473766 * (np.exp(-1.5) - 1), 2 * 1.0507009873554805], rtol=1e-12
    )
    np.testing.assert_allclose(sigm(x), 1 / (1 + np.exp(-x)), rtol=1e-12)
    np.testing.assert_allclose(swish(x), x / (1 + np.exp(-x)), rtol=1e-12)
    np.testing.assert_allclose(softplus(x), np.log(1 + np.exp(x)), rtol=1e-12)
    np.testing.assert_allclose(
        gelu(x), [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.tolist()], rtol=1e-12
    )


@pytest.mark.parametrize(
    ("f", "inside"), [(hardsigmoid, lambda x: (x + 3) / 6), (hardswish, lambda x: x * (x + 3) / 6)]
)
def test_the_hard_ones_are_three_pieces(f, inside):
    above = 1.0 if f is hardsigmoid else 5.0
    np.testing.assert_allclose(
        f(np.array([-5.0, -3.0, -1.0, 2.5, 5.0])), [0, 0, inside(-1), inside(2.5), above]
    )


@pytest.mark.parametrize(
    ("f", "at_ends", "outside"), [(hardsigmoid, [0, 0], [0, 0]), (hardswish, [0, 1], [0, 1])]
)
def test_the_hard_ones_have_at_their_ends_the_slope_of_the_outside(f, at_ends, outside):
    _, bars = cotangents(case(f, np.array([-3.0, 3.0, -4.0, 4.0])), like=np.ones_like)
    assert bars[0].tolist() == at_ends + outside


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_second_derivatives_follow_from_the_rules(f):
    x = np.array([-4.0, -2.0, -0.5, 0.3, 1.5, 3.7])
    partial = OPS[f].pullbacks[OPS[f].parameters[0]]

    def slopes(x):
        return np.sum(partial(f(x), x) * np.arange(1.0, 7.0))

    assert knetc.gradcheck(slopes, x)


@pytest.mark.parametrize("f", ACTIVATIONS)
def test_float32_stays_float32_in_compiled_gradients(f):
    def loss(x):
        y = f(x)
        assert y.dtype == np.float32
        return np.sum(y * y)

    assert knetc.grad(loss)(np.ones(3, np.float32)).dtype == np.float32


def test_gelu_keeps_all_digits_of_its_tail():
    x = np.array([-10.0, -20.0])
    np.testing.assert_allclose(
        gelu(x), [v * math.erfc(-v / math.sqrt(2)) / 2 for v in x.tolist()], rtol=1e-12
    )


def test_the_slope_of_swish_is_1_for_large_arguments():
    x = np.array([1e4, 1e8], np.float32)
    _, bars = cotangents(case(swish, x), like=np.ones_like)
    assert bars[0].tolist() == [1, 1]


class TestRelu:
    X = np.array([-2.0, -0.5, 0.0, 0.5, 1.0, 5.0, 6.0, 7.0])

    @pytest.mark.parametrize("max_value", [math.inf, 6.0, 1])
    @pytest.mark.parametrize("negative_slope", [0.0, 0.1, -1])
    @pytest.mark.parametrize("threshold", [0, 0.5, -1.0])
    def test_values_and_slopes_are_those_of_the_definition(self, max_value, negative_slope, threshold):
        options = {"max_value": max_value, "negative_slope": negative_slope, "threshold": threshold}
        y, bars = cotangents(case(relu, self.X, **options), like=np.ones_like)
        for x, value, slope in zip(self.X, y, bars[0], strict=True):
            below = negative_slope * (x - threshold)
            assert value == (max_value if x >= max_value else x if x >= threshold else below)
            assert slope == (0 if x >= max_value else 1 if x > threshold else negative_slope)

    def test_an_infinite_argument_has_no_part_in_a_slope_of_0(self):
        assert relu(np.array([-np.inf, np.inf]), max_value=6).tolist() == [0, 6]

    def test_nan_propagates_whatever_the_options(self):
        assert np.isnan(relu(np.array([np.nan]), max_value=6, negative_slope=0.1, threshold=1)).all()

    def test_options_leave_float32_alone(self):
        options = {"max_value": 6.0, "negative_slope": 0.1}
        y, bars = cotangents(case(relu, self.X.astype(np.float32), **options))
        assert {y.dtype, bars[0].dtype} == {np.dtype(np.float32)}

    def test_without_options_its_gradient_is_one_comparison(self):
        def loss(x):
            y = relu(x)
            return np.sum(y * y)

        gradient = knetc.grad(loss)
        gradient(self.X)
        assert "x_bar = y_bar * (y > 0)" in gradient.source

    def test_options_known_only_when_the_program_runs_have_the_same_gradient(self):
        def loss(x, slope):
            return np.sum(relu(x, negative_slope=slope) * np.arange(8.0))

        assert knetc.gradcheck(loss, self.X + 0.01, 0.25, wrt="x")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("max_value", "6"), ("negative_slope", np.ones(8)), ("threshold", None), ("threshold", np.ones(8))],
    )
    def test_options_are_numbers(self, name, value):
        with pytest.raises(ArgumentError, match=f"KN314 relu: `{name}` is .*; expected a number"):
            relu(self.X, **{name: value})

    @pytest.mark.parametrize(
        "options",
        [{"max_value": -1}, {"max_value": math.nan}, {"threshold": math.nan}, {"negative_slope": math.nan}],
    )
    def test_the_maximum_lies_above_the_threshold(self, options):
        with pytest.raises(
            ArgumentError, match=r"KN314 relu: .* expected threshold <= max_value, and no nan"
        ):
            relu(self.X, **options)
