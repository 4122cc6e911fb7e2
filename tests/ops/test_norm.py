from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import groupnorm, layernorm, rmsnorm
from knetc.ops.norm import layernorm_forward, norm_backward

rng = np.random.default_rng(0)
X = rng.normal(3.0, 2.0, (2, 6, 4))
SCALE, BIAS = rng.uniform(0.5, 3.0, 4), rng.uniform(1.0, 2.0, 4)
OVER_CHANNELS = rng.uniform(0.5, 3.0, 6), rng.uniform(1.0, 2.0, 6)
EPS = 0.1


def standardised(x, axis):
    return (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + EPS)


def test_layernorm_by_definition():
    expected = standardised(X, -1) * SCALE + BIAS
    np.testing.assert_allclose(layernorm(X, SCALE, BIAS, eps=EPS), expected, rtol=1e-12)
    both = rng.normal(size=(6, 4))
    expected = standardised(X, (1, 2)) * both + both
    np.testing.assert_allclose(layernorm(X, both, both, axis=(2, 1), eps=EPS), expected, rtol=1e-12)


def test_one_of_scale_and_bias_is_enough():
    np.testing.assert_allclose(layernorm(X, SCALE, eps=EPS), standardised(X, -1) * SCALE, rtol=1e-12)
    np.testing.assert_allclose(layernorm(X, bias=BIAS, eps=EPS), standardised(X, -1) + BIAS, rtol=1e-12)
    assert knetc.gradcheck(lambda x, b: np.sum(np.sin(layernorm(x, bias=b))), X, BIAS)


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), None])
def test_rmsnorm_by_definition(axis):
    lengths = tuple(n for i, n in enumerate(X.shape) if axis is None or i in np.atleast_1d(axis) % 3)
    scale = rng.uniform(0.5, 2.0, lengths)
    wide = scale.reshape(
        tuple(n if axis is None or i in np.atleast_1d(axis) % 3 else 1 for i, n in enumerate(X.shape))
    )
    expected = X / np.sqrt(np.mean(X**2, axis, keepdims=True) + EPS) * wide
    np.testing.assert_allclose(rmsnorm(X, scale, axis=axis, eps=EPS), expected, rtol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_groupnorm_by_definition(groups):
    parts = standardised(X.reshape(2, groups, -1), -1).reshape(X.shape)
    scale, bias = OVER_CHANNELS
    expected = parts * scale[:, None] + bias[:, None]
    np.testing.assert_allclose(groupnorm(X, groups, scale, bias, eps=EPS), expected, rtol=1e-12)


def test_groups_of_an_image_in_any_memory_order():
    x = rng.normal(size=(2, 6, 3, 5))
    last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(
        groupnorm(last, 3, *OVER_CHANNELS), groupnorm(x, 3, *OVER_CHANNELS), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("f", "parameters"),
    [
        (lambda x, s, b: layernorm(x, s, b, eps=EPS), (SCALE, BIAS)),
        (lambda x, s, b: groupnorm(x, 3, s, b, eps=EPS), OVER_CHANNELS),
        (lambda x, s, b: rmsnorm(x, s, eps=EPS) + b, (SCALE, BIAS)),
    ],
)
def test_gradients_of_the_second_order(f, parameters):
    v = [rng.normal(size=np.shape(a)) for a in (X, *parameters)]

    def loss(x, s, b):
        return np.sum(np.sin(f(x, s, b)))

    def along(x, s, b):
        x_bar, s_bar, b_bar = knetc.grad(loss, wrt=(0, 1, 2))(x, s, b)
        return np.sum(x_bar * v[0]) + np.sum(s_bar * v[1]) + np.sum(b_bar * v[2])

    assert knetc.gradcheck(along, X, *parameters, rtol=1e-5)


def test_a_mean_that_is_large_costs_no_digits():
    x = rng.normal(size=(8, 512))
    large = (x + 1e4).astype(np.float32)
    y, saved = layernorm_forward(large)
    exact, saved_exact = layernorm_forward(large.astype(float))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, exact, atol=2e-3)
    bar = norm_backward(saved, np.sin(x).astype(np.float32))[0]
    np.testing.assert_allclose(bar, norm_backward(saved_exact, np.sin(x))[0], atol=5e-3)


def test_an_empty_batch_stays_empty():
    assert layernorm(np.ones((0, 4)), SCALE, BIAS).shape == (0, 4)
    assert rmsnorm(np.ones((0, 4)), SCALE).shape == (0, 4)
    assert groupnorm(np.ones((0, 6, 4)), 2, *OVER_CHANNELS).shape == (0, 6, 4)


class TestBadInput:
    @pytest.mark.parametrize("f", [layernorm, rmsnorm, lambda x: groupnorm(x, 2)])
    @pytest.mark.parametrize("x", [X.astype(int), X > 3, X.tolist(), 2.0])
    def test_x_holds_floats(self, f, x):
        with pytest.raises(DtypeError, match=r"KN334 .*norm: `x` is an? .*; expected an array of floats"):
            f(x)

    @pytest.mark.parametrize("axis", [3, (0, 3), (1, 1), (2, -1), 0.5])
    @pytest.mark.parametrize("f", [layernorm, rmsnorm])
    def test_the_axes_exist_and_differ(self, f, axis):
        with pytest.raises(ArgumentError, match=f"KN324 {f.__name__}: `axis` is "):
            f(X, axis=axis)

    def test_scale_and_bias_have_the_shape_of_the_features(self):
        with pytest.raises(ShapeError, match=r"KN221 layernorm: `scale` has shape \(6,\); expected \(4,\)"):
            layernorm(X, OVER_CHANNELS[0])
        with pytest.raises(ShapeError, match=r"KN221 layernorm: `bias` has shape \(4,\); expected \(6, 4\)"):
            layernorm(X, X[0], BIAS, axis=(1, 2))
        with pytest.raises(ShapeError, match=r"KN221 rmsnorm: `scale` has shape \(1,\); expected \(4,\)"):
            rmsnorm(X, np.ones(1))
        with pytest.raises(ShapeError, match=r"KN221 groupnorm: `scale` has shape \(4,\); expected \(6,\)"):
            groupnorm(X, 2, SCALE)

    def test_a_group_has_more_than_one_element(self):
        with pytest.raises(
            ShapeError, match="KN223 layernorm: mean and variance would be taken of 1 of the elements"
        ):
            layernorm(np.ones((3, 1)))
        with pytest.raises(
            ShapeError, match="KN223 groupnorm: mean and variance would be taken of 1 of the elements"
        ):
            groupnorm(np.ones((3, 4)), 4)
        with pytest.raises(
            ShapeError, match="KN223 rmsnorm: mean and variance would be taken of 0 of the elements"
        ):
            rmsnorm(np.ones((3, 0)))

    @pytest.mark.parametrize("groups", [0, 4, -2, 1.5, True, None])
    def test_groups_divide_the_channels(self, groups):
        with pytest.raises(
            ArgumentError,
            match=f"KN332 groupnorm: `groups` is {groups}; expected an int >= 1 that divides the 6",
        ):
            groupnorm(X, groups)

    def test_groups_are_of_channels(self):
        with pytest.raises(ShapeError, match=r"KN220 groupnorm: `x` has shape \(6,\)"):
            groupnorm(np.ones(6), 2)

    @pytest.mark.parametrize("f", [layernorm, rmsnorm, lambda x, **o: groupnorm(x, 2, **o)])
    def test_eps_is_above_0(self, f):
        with pytest.raises(ArgumentError, match=r"KN331 .*norm: `eps` is 0; expected a number above 0"):
            f(X, eps=0)
