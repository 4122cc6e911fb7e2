from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import Chain, Conv, Deconv
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def shaken(layer):
    """A layer whose bias is not zero."""
    if layer.b is not None:
        layer.b += rng.normal(size=layer.b.shape).astype(np.float32)
    return layer


def test_a_convolution_does_not_flip_its_filters():
    layer, x = (
        shaken(Conv(3, 4, (3, 2), padding=1, stride=2, activation=np.tanh)),
        rng.normal(size=(2, 3, 7, 8)),
    )
    expected = knetc.conv4(layer.w, x, 1, 2, mode=1) + layer.b[:, None, None]

    np.testing.assert_allclose(layer(x), np.tanh(expected), rtol=1e-6)


def test_a_deconvolution_is_the_transpose_of_a_convolution():
    layer, x = Deconv(4, 3, 3, stride=2, output_padding=1, bias=False), rng.normal(size=(2, 4, 5, 5))
    y = layer(x)
    z = rng.normal(size=y.shape)
    back = knetc.conv4(layer.w, z, 0, 2, mode=1)

    assert y.shape == (2, 3, 12, 12)
    np.testing.assert_allclose(np.sum(y * z), np.sum(x * back[:, :, :5, :5]), rtol=1e-6)


@pytest.mark.parametrize(
    ("kernel", "space", "weights"),
    [((3,), (9,), (4, 2, 3)), (3, (9, 8), (4, 2, 3, 3)), ((1, 2, 3), (5, 6, 7), (4, 2, 1, 2, 3))],
)
def test_the_kernel_tells_the_number_of_axes(kernel, space, weights):
    layer = Conv(2, 4, kernel)

    assert layer.w.shape == weights
    assert layer(rng.normal(size=(1, 2, *space))).shape[1] == 4


LAYERS = [
    Conv(4, 6, 3, padding=1, groups=2, activation=np.tanh),
    Conv(4, 6, (3, 2), stride=(2, 1), dilation=2, bias=False),
    Conv(4, 2, 3, padding="same", activation=knetc.sigm),
    Deconv(4, 6, 3, padding=1, stride=2, groups=2, output_padding=1, activation=np.tanh),
    Deconv(4, 2, (2, 3), bias=False),
]


@pytest.mark.parametrize("layer", LAYERS, ids=range(len(LAYERS)))
def test_gradients_are_those_of_differences(layer):
    gradcheck(lambda layer, x: layer(x), shaken(layer), rng.normal(size=(2, 4, 6, 7)))


def test_layers_show_their_channels_and_what_is_not_usual():
    assert repr(LAYERS[0]) == "Conv(4 -> 6, 3 x 3, padding=1, groups=2, tanh)  114 parameters"
    assert repr(LAYERS[1]) == "Conv(4 -> 6, 3 x 2, stride=(2, 1), dilation=2)  144 parameters"
    assert repr(LAYERS[3]).startswith(
        "Deconv(4 -> 6, 3 x 3, padding=1, stride=2, groups=2, output_padding=1, tanh)"
    )


def test_parameters_are_float32_and_drawn_by_init():
    layer = Conv(2, 4, 3, init=lambda *shape: np.full(shape, 7.0))

    assert (layer.w.dtype, layer.b.dtype) == (np.float32, np.float32)
    assert (layer.w == 7).all()


@pytest.mark.parametrize("cls", [Conv, Deconv])
@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 4, 3), {}, r"KN346 {}: `inputs` is 0; expected an int of at least 1"),
        ((2, 4, (3, 0)), {}, r"KN346 {}: `kernel\[1\]` is 0; expected an int of at least 1"),
        ((2, 4, 3.0), {}, r"KN346 {}: `kernel\[0\]` is 3.0; expected an int"),
        ((2, 4, 3), {"groups": 0}, r"KN346 {}: `groups` is 0; expected an int"),
        (
            (3, 4, 3),
            {"groups": 2},
            r"KN312 {}: `groups` is 2; expected a divisor of both `inputs`=3 and `outputs`=4",
        ),
    ],
)
def test_sizes_are_positive_and_groups_divide_them(cls, arguments, options, message):
    with pytest.raises(ArgumentError, match=message.format(cls.__name__)):
        cls(*arguments, **options)


def test_channels_that_do_not_fit_are_told_with_the_layer():
    model = Chain(Conv(1, 4, 3, padding=1), knetc.relu, Conv(8, 4, 3))
    with pytest.raises(ShapeError, match="KN211 ") as caught:
        model(np.zeros((2, 1, 8, 8), np.float32))

    assert caught.value.layer == "`layers[2]` of Chain, Conv(8 -> 4, 3 x 3)  292 parameters"


@pytest.mark.parametrize("cls", [Conv, Deconv])
def test_options_are_checked(cls):
    with pytest.raises(
        ArgumentError, match=f"KN347 {cls.__name__}: `activation` is 'relu'; expected a function"
    ):
        cls(2, 4, 3, activation="relu")
    with pytest.raises(ArgumentError, match=f"KN347 {cls.__name__}: `init` returned an array of shape"):
        cls(2, 4, 3, init=lambda *shape: np.zeros(3))
    with pytest.raises(ArgumentError, match=r"KN310 .*`stride` is 0") as caught:
        Chain(cls(2, 4, 3, stride=0))(np.zeros((1, 2, 8, 8)))
    assert caught.value.layer.startswith(f"`layers[0]` of Chain, {cls.__name__}(2 -> 4, 3 x 3, stride=0)")
