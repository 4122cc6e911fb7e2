from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.ops import conv, conv4, deconv, deconv4, relu, swish

rng = np.random.default_rng(0)
W, X = rng.normal(size=(6, 4, 3, 2)), rng.normal(size=(2, 4, 7, 6))
BIAS = rng.normal(size=6)


class Scale:
    """A layer with a parameter, as batch normalisation is."""

    def __init__(self, scale):
        self.scale = scale

    def __call__(self, x):
        return self.scale * (x - np.mean(x))


def test_conv_correlates_where_conv4_convolves():
    np.testing.assert_array_equal(conv(W, X), conv4(W, X, mode=1))
    np.testing.assert_array_equal(conv(W[:, :, ::-1, ::-1], X), conv4(W, X))


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_options_reach_the_convolution(axes):
    w, x = rng.normal(size=(4, 2, *(3, 2, 2)[:axes])), rng.normal(size=(2, 4, *(6, 5, 4)[:axes]))
    common = {"padding": ((1, 2),) * axes, "stride": 2, "dilation": 2, "alpha": 2.5}
    np.testing.assert_array_equal(conv(w, x, groups=2, **common), conv4(w, x, mode=1, group=2, **common))
    np.testing.assert_array_equal(
        deconv(w, x, groups=2, output_padding=1, **common),
        deconv4(w, x, mode=1, group=2, output_padding=1, **common),
    )


def test_the_order_is_factor_bias_normalization_activation():
    scale = Scale(np.array(1.5))
    y = conv(W, X, bias=BIAS, normalization=scale, activation=np.tanh, alpha=0.5)
    np.testing.assert_array_equal(y, np.tanh(scale(0.5 * conv4(W, X, mode=1) + BIAS.reshape(1, 6, 1, 1))))


def test_deconv_adds_a_bias_and_calls_its_activation():
    bias = rng.normal(size=(1, 4, 1, 1))
    y = deconv(W, conv(W, X), bias=bias, activation=relu)
    np.testing.assert_array_equal(y, np.maximum(deconv4(W, conv(W, X), mode=1) + bias, 0))


def test_the_gradient_goes_through_every_part():
    def loss(w, bias, layer, x):
        h = conv(w, x, bias=bias, normalization=layer, activation=swish, padding="same", stride=2)
        return np.sum(
            deconv(w, h, bias=bias[:4], activation=np.tanh, padding=1, output_padding=0, stride=2) ** 2
        )

    assert knetc.gradcheck(loss, W, BIAS, Scale(np.array(1.5)), X)


def test_the_gradient_goes_through_a_recorded_convolution():
    def maps(w, x):
        yield conv(w, x, activation=relu)
        yield deconv(w, conv(w, x))

    def loss(w, x):
        return sum(np.sum(y * y) for y in maps(w, x))

    assert knetc.gradcheck(loss, W, X)


def test_generated_code_does_what_one_would_write_by_hand():
    def loss(w, bias, x):
        return np.sum(conv(w, x, bias=bias, activation=relu))

    gradient = knetc.grad(loss, wrt=("w", "bias"))
    gradient(W, BIAS, X)

    for line in ("y = relu_(y)", "y_bar = y_bar * (y > 0)", "bias_bar = channel_sums(y_bar, bias)"):
        assert line in gradient.source
    assert gradient.source.count("conv4w(") == 1
    assert "conv4x(" not in gradient.source  # nobody asked for the cotangent of the images
    assert "unbroadcast" not in gradient.source


class TestBadInput:
    @pytest.mark.parametrize("f", [conv, deconv])
    def test_an_activation_can_be_called(self, f):
        w = W if f is conv else W.swapaxes(0, 1)
        with pytest.raises(
            ArgumentError, match=rf"KN316 {f.__name__}: `activation` is 'relu'; expected a function"
        ):
            f(w, X, activation="relu")

    def test_a_normalization_can_be_called(self):
        with pytest.raises(ArgumentError, match=r"KN316 conv: `normalization` is 1; expected a function"):
            conv(W, X, normalization=1)

    def test_what_cannot_be_called_is_found_in_a_gradient_too(self):
        with pytest.raises(ArgumentError, match="KN316 conv: `activation` is 'relu'"):
            knetc.grad(lambda w: np.sum(conv(w, X, activation="relu")))(W)

    def test_a_bias_belongs_to_the_output_channels(self):
        with pytest.raises(ShapeError, match=r"KN216 add_bias: `bias` has shape \(4,\); expected \(6,\)"):
            conv(W, X, bias=BIAS[:4])
        with pytest.raises(ShapeError, match=r"KN216 add_bias: `bias` has shape \(6,\); expected \(4,\)"):
            deconv(W, conv(W, X), bias=BIAS)

    def test_options_are_those_of_the_operations(self):
        with pytest.raises(ArgumentError, match="KN310 conv4: `stride` is 0"):
            conv(W, X, stride=0)
        with pytest.raises(ArgumentError, match="KN315 deconv4: `output_padding` is 1"):
            deconv(W, conv(W, X), output_padding=1)
