from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import BatchNormMoments, batchnorm, bnparams
from knetc.ops.batchnorm import batchnorm_backward, batchnorm_forward
from tests.backends.strict import StrictArray

rng = np.random.default_rng(0)
X = rng.normal(3.0, 2.0, (4, 3, 5, 2))
SCALE, BIAS = np.array([0.5, -2.0, 3.0]), np.array([1.0, 0.1, -4.0])
PARAMS = np.concatenate([SCALE, BIAS])
SHAPES = [(6, 3), (4, 3, 5), (4, 3, 5, 2), (2, 3, 2, 3, 2)]


def wide(v, ndim):
    return v.reshape(1, -1, *(1,) * (ndim - 2))


def by_definition(x, mean, var, eps=1e-5):
    ndim = x.ndim
    return (x - wide(mean, ndim)) / np.sqrt(wide(var, ndim) + eps) * wide(SCALE, ndim) + wide(BIAS, ndim)


def statistics(x):
    """Mean, population variance and unbiased variance of every channel."""
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    return rows.mean(0), rows.var(0), rows.var(0, ddof=1)


@pytest.mark.parametrize("shape", SHAPES)
def test_training_normalises_by_the_batch_and_evaluation_by_the_moments(shape):
    x = rng.normal(3.0, 2.0, shape)
    mean, var, unbiased = statistics(x)
    moments = BatchNormMoments(0.3, np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))
    np.testing.assert_allclose(
        batchnorm(x, moments, PARAMS, training=True), by_definition(x, mean, var), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(moments.mean, 0.7 * np.array([1.0, 2.0, 3.0]) + 0.3 * mean, rtol=1e-12)
    np.testing.assert_allclose(moments.var, 0.7 * np.array([4.0, 5.0, 6.0]) + 0.3 * unbiased, rtol=1e-12)
    expected = by_definition(x, moments.mean, moments.var)
    np.testing.assert_allclose(batchnorm(x, moments, PARAMS), expected, rtol=1e-9, atol=1e-12)


def test_params_are_a_vector_a_pair_or_two_rows():
    expected = batchnorm(X, None, PARAMS, training=True)
    for params in ((SCALE, BIAS), [SCALE, BIAS], PARAMS.reshape(2, 3)):
        assert np.array_equal(batchnorm(X, None, params, training=True), expected)
        _, saved = batchnorm_forward(X, None, params)
        bars = batchnorm_backward(saved, np.sin(X))[1]
        assert type(bars) is type(params)
        np.testing.assert_allclose(
            np.ravel(bars), batchnorm_backward(batchnorm_forward(X, None, PARAMS)[1], np.sin(X))[1]
        )


def test_without_params_the_scale_is_1_and_the_bias_0():
    expected = batchnorm(X, None, bnparams(3, float), training=True)
    np.testing.assert_allclose(batchnorm(X, training=True), expected, rtol=1e-12)
    assert bnparams(2).tolist() == [1, 1, 0, 0]
    assert bnparams(2).dtype == np.float32


def test_a_gradient_trains_and_updates_the_moments_once():
    moments = BatchNormMoments()

    @knetc.grad
    def loss(params, x):
        return np.sum(np.sin(batchnorm(x, moments, params)))

    loss(PARAMS, X)
    mean, _, unbiased = statistics(X)
    np.testing.assert_allclose(moments.mean, 0.1 * mean, rtol=1e-12)
    np.testing.assert_allclose(moments.var, 0.9 + 0.1 * unbiased, rtol=1e-12)


def test_a_plain_call_leaves_the_moments_alone():
    moments = BatchNormMoments()
    batchnorm(X, moments)
    assert moments.mean.tolist() == [0, 0, 0]
    assert moments.var.tolist() == [1, 1, 1]


def test_training_decides_for_gradients_and_plain_calls():
    moments = BatchNormMoments(mean=SCALE, var=np.ones(3))
    before = moments.mean
    gradient = knetc.grad(lambda x: np.sum(np.sin(batchnorm(x, moments, PARAMS, training=False))))(X)
    assert moments.mean is before
    z = by_definition(X, SCALE, np.ones(3))
    np.testing.assert_allclose(gradient, np.cos(z) * wide(SCALE, 4) / np.sqrt(1 + 1e-5), rtol=1e-12)
    batchnorm(X, moments, training=True)
    assert moments.mean is not before


def test_statistics_of_a_batch_that_no_derivative_flows_through_are_kept_as_well():
    moments = BatchNormMoments()
    knetc.grad(lambda w: np.sum(w * batchnorm(X, moments)))(SCALE.reshape(3, 1, 1))
    np.testing.assert_allclose(moments.mean, 0.1 * statistics(X)[0], rtol=1e-12)


def test_statistics_are_kept_where_the_result_is_not_used():
    moments = BatchNormMoments()

    def loss(w):
        batchnorm(w * X, moments)
        return np.sum(w * w)

    knetc.grad(loss)(2.0)
    np.testing.assert_allclose(moments.mean, 0.2 * statistics(X)[0], rtol=1e-12)


def test_a_shared_layer_updates_once_in_every_call():
    moments = BatchNormMoments(momentum=1)

    def loss(w):
        h = batchnorm(w * X, moments)
        return np.sum(np.sin(batchnorm(2 * h + 5, moments)))

    knetc.grad(loss)(2.0)
    np.testing.assert_allclose(moments.mean, 5, rtol=1e-12)


def test_what_is_read_between_two_calls_is_what_was_there():
    moments = BatchNormMoments(momentum=1)

    def loss(w):
        h = batchnorm(w * X, moments)
        first = moments.mean
        g = batchnorm(h * w, moments)
        return np.sum(g * g * first.reshape(3, 1, 1) * w)

    found = knetc.grad(loss)(2.0)
    first = 2.0 * statistics(X)[0].reshape(3, 1, 1)

    def fixed(w):
        g = batchnorm(batchnorm(w * X, training=True) * w, training=True)
        return np.sum(g * g * first * w)

    step = 1e-5
    np.testing.assert_allclose(found, (fixed(2 + step) - fixed(2 - step)) / (2 * step), rtol=1e-6)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_both_modes_have_gradients_of_the_second_order(shape, training):
    x, v = rng.normal(3.0, 2.0, shape), rng.normal(size=shape)
    moments = BatchNormMoments(0, np.array([1.0, 2.0, 3.0]), np.array([4.0, 0.5, 6.0]))

    def f(x, params):
        return np.sum(np.sin(batchnorm(x, moments, params, training=training, eps=0.1)))

    def of_x(x, params):
        return np.sum(knetc.grad(f, wrt="x")(x, params) * v)

    def of_params(x, params):
        return np.sum(knetc.grad(f, wrt="params")(x, params) * PARAMS)

    for g in (of_x, of_params):
        assert knetc.gradcheck(g, x, PARAMS, rtol=1e-5)


def test_a_mean_that_is_large_costs_no_digits():
    x = rng.normal(size=(64, 3, 4, 4))
    large = (x + 1e4).astype(np.float32)
    for memory in (large, np.ascontiguousarray(large.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)):
        y, saved = batchnorm_forward(memory, None, PARAMS)
        exact, saved_exact = batchnorm_forward(large.astype(float), None, PARAMS)
        assert y.dtype == np.float32
        np.testing.assert_allclose(y, exact, atol=5e-3)
        bar = batchnorm_backward(saved, np.sin(x).astype(np.float32))[0]
        np.testing.assert_allclose(bar, batchnorm_backward(saved_exact, np.sin(x))[0], atol=2e-2)


def test_float32_stays_float32_in_moments_as_well():
    x, moments = X.astype(np.float32), BatchNormMoments()
    y, saved = batchnorm_forward(x, moments, PARAMS)
    assert y.dtype == moments.mean.dtype == moments.var.dtype == np.float32
    bars = batchnorm_backward(saved, y)
    assert [bars[0].dtype, bars[1].dtype] == [np.float32, np.float64]  # each as what it belongs to
    assert batchnorm(x, BatchNormMoments(0.1, SCALE, np.ones(3))).dtype == np.float32


def test_moments_are_skipped_by_gradients_and_saved(tmp_path):
    class Model:
        def __init__(self):
            self.moments, self.params = BatchNormMoments(), PARAMS.copy()

        def __call__(self, x):
            return np.sum(np.sin(batchnorm(x, self.moments, self.params)))

    model = Model()
    bars = knetc.grad(lambda m, x: m(x))(model, X)
    assert bars.params.shape == (6,)
    assert getattr(bars, "moments", None) is None
    knetc.save(tmp_path / "model", model)
    other = Model()
    knetc.load(tmp_path / "model", into=other)
    assert np.array_equal(other.moments.mean, model.moments.mean)
    assert np.array_equal(other.moments.var, model.moments.var)
    assert other(X) == model(X)


class Layer:
    def __init__(self):
        self.moments, self.params = BatchNormMoments(), PARAMS.copy()

    def __call__(self, x):
        return batchnorm(x, self.moments, self.params)


@pytest.mark.parametrize(
    "loss",
    [
        lambda m, x: np.sum(np.sin(m(x))),
        lambda m, x: np.sum(np.sin(batchnorm(x, m.moments, m.params))),
        lambda m, x: sum([np.sum(np.sin(layer(x))) for layer in [m]]),
    ],
)
def test_a_layer_that_holds_moments_is_compiled_and_updates_them_once(loss):
    layer = Layer()
    with knetc.config(record=False):
        bars = knetc.grad(loss)(layer, X)
    z = batchnorm(X, None, PARAMS, training=True)
    np.testing.assert_allclose(bars.params[3:], np.sum(np.cos(z), axis=(0, 2, 3)), rtol=1e-9)
    np.testing.assert_allclose(layer.moments.mean, 0.1 * statistics(X)[0], rtol=1e-12)


def test_a_recorded_gradient_updates_the_moments_once():
    layer = Layer()

    def loss(m, x):
        return sum(np.sum(np.sin(y)) for y in map(m, [x]))

    gradient = knetc.grad(loss)
    gradient(layer, X)
    assert "tape" in gradient.source
    np.testing.assert_allclose(layer.moments.mean, 0.1 * statistics(X)[0], rtol=1e-12)


def test_moments_go_where_the_data_are():
    moments = BatchNormMoments(0.3, SCALE, np.ones(3))
    batchnorm(StrictArray(X), moments, training=True)
    assert isinstance(moments.mean, StrictArray)
    y = batchnorm(X, moments)
    assert isinstance(moments.mean, np.ndarray)
    assert isinstance(y, np.ndarray)


def test_running_statistics_are_the_same_on_every_backend():
    here, there = BatchNormMoments(0.3, SCALE, np.ones(3)), BatchNormMoments(0.3, SCALE, np.ones(3))
    for x in (X, 2 * X[:2]):
        batchnorm(x, here, training=True)
        batchnorm(StrictArray(x), there, training=True)
    np.testing.assert_allclose(there.mean.get(), here.mean, rtol=1e-12)
    np.testing.assert_allclose(there.var.get(), here.var, rtol=1e-12)


def test_an_array_that_moments_start_from_is_not_written():
    mean = np.ones(3)
    moments = BatchNormMoments(0.5, mean, np.ones(3))
    batchnorm(X, moments, training=True)
    assert mean.tolist() == [1, 1, 1]


class TestBadInput:
    @pytest.mark.parametrize("shape", [(3,), (2, 0), (1, 2, 1, 1, 1, 1)])
    def test_the_shape_of_x(self, shape):
        with pytest.raises(
            ShapeError, match=r"KN220 batchnorm: `x` has shape .*; expected \(N, C\), or \(N, C, \*space\)"
        ):
            batchnorm(np.ones(shape), training=True)

    @pytest.mark.parametrize("x", [X.astype(int), X > 3, X.tolist(), 1.0, X + 0j])
    def test_x_holds_floats(self, x):
        with pytest.raises(DtypeError, match=r"KN334 batchnorm: `x` is an? .*; expected an array of floats"):
            batchnorm(x, training=True)

    @pytest.mark.parametrize("params", [np.ones(3), np.ones((3, 2)), (SCALE, BIAS, BIAS), 1.0])
    def test_the_form_of_params(self, params):
        with pytest.raises(
            ShapeError, match=r"KN221 batchnorm: `params` has .*; expected \(6,\) for 3 channels"
        ):
            batchnorm(X, None, params, training=True)

    def test_the_shape_of_scale_and_bias(self):
        with pytest.raises(ShapeError, match=r"KN221 batchnorm: `bias` has shape \(2,\); expected \(3,\)"):
            batchnorm(X, None, (SCALE, BIAS[:2]), training=True)

    @pytest.mark.parametrize("training", [True, False])
    def test_the_shape_of_moments(self, training):
        moments = BatchNormMoments(mean=np.ones(2))
        with pytest.raises(
            ShapeError, match=r"KN222 batchnorm: `moments` have shapes \(2,\) and \(3,\); expected \(3,\)"
        ):
            batchnorm(X, moments, training=training)

    @pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1), (0, 3), (0, 3, 2)])
    def test_a_batch_of_single_values(self, shape):
        moments = BatchNormMoments(mean=SCALE, var=np.ones(3))
        with pytest.raises(
            ShapeError, match=r"KN223 batchnorm: mean and variance would be taken of [01] of the elements"
        ):
            batchnorm(np.ones(shape), moments, training=True)
        assert moments.mean is SCALE
        assert batchnorm(np.ones(shape), moments).shape == shape

    def test_an_evaluation_without_moments(self):
        with pytest.raises(
            ArgumentError, match="KN330 batchnorm: `moments` is missing, and there is no batch"
        ):
            batchnorm(X)
        with pytest.raises(
            ArgumentError, match="KN330 batchnorm: `moments` is a dict; expected BatchNormMoments"
        ):
            batchnorm(X, {}, training=True)

    @pytest.mark.parametrize("eps", [0, -1e-5, np.inf, np.nan])
    def test_eps(self, eps):
        with pytest.raises(
            ArgumentError, match=f"KN331 batchnorm: `eps` is {eps}; expected a number above 0"
        ):
            batchnorm(X, training=True, eps=eps)

    @pytest.mark.parametrize("momentum", [-0.1, 1.5, np.nan])
    def test_momentum(self, momentum):
        with pytest.raises(ArgumentError, match=f"KN331 BatchNormMoments: `momentum` is {momentum}"):
            BatchNormMoments(momentum)

    @pytest.mark.parametrize("channels", [0, -1, 2.5])
    def test_the_number_of_params(self, channels):
        with pytest.raises(
            ShapeError, match=f"KN221 bnparams: `channels` is {channels}; expected an int >= 1"
        ):
            bnparams(channels)
