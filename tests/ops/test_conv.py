from __future__ import annotations

import itertools

import numpy as np
import pytest

from knetc.backends.numpy import conv as kernels
from knetc.backends.numpy import depthwise
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import conv4, padsize
from knetc.ops.conv import conv4w, conv4x

rng = np.random.default_rng(0)
W = rng.normal(size=(6, 4, 3, 2))
X = rng.normal(size=(2, 4, 7, 6))


def by_definition(w, x, padding=0, stride=1, dilation=1, mode=0, group=1):
    """One element of the result at a time."""
    axes = range(2, x.ndim)
    if mode == 0:
        w = np.flip(w, tuple(axes))
    pads = [(padding, padding)] * len(axes) if isinstance(padding, int) else padding
    x = np.pad(x, [(0, 0), (0, 0), *pads])
    space = [(x.shape[i] - dilation * (w.shape[i] - 1) - 1) // stride + 1 for i in axes]
    y = np.zeros((x.shape[0], w.shape[0], *space))
    for n, k, *place in np.ndindex(*y.shape):
        first = k // (w.shape[0] // group) * w.shape[1]
        window = (
            slice(p * stride, p * stride + dilation * (w.shape[i] - 1) + 1, dilation)
            for p, i in zip(place, axes, strict=True)
        )
        y[(n, k, *place)] = np.sum(w[k] * x[(n, slice(first, first + w.shape[1]), *window)])
    return y


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_values_are_those_of_the_definition(axes):
    x = rng.normal(size=(2, 4, *(6, 5, 4)[:axes]))
    for padding, stride, dilation, mode, group in itertools.product(
        (0, 2), (1, 2, 3), (1, 2), (0, 1), (1, 2)
    ):
        w = rng.normal(size=(4, 4 // group, *(3, 2, 2)[:axes]))
        options = {"padding": padding, "stride": stride, "dilation": dilation, "mode": mode, "group": group}
        np.testing.assert_allclose(
            conv4(w, x, **options), by_definition(w, x, **options), rtol=1e-10, atol=1e-12
        )


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_padding_may_differ_from_end_to_end(axes):
    x, w = rng.normal(size=(2, 4, *(6, 5, 4)[:axes])), rng.normal(size=(4, 4, *(3, 2, 2)[:axes]))
    pads = ((1, 2), (0, 1), (3, 0))[:axes]
    np.testing.assert_allclose(
        conv4(w, x, padding=pads, stride=2),
        by_definition(w, x, padding=pads, stride=2),
        rtol=1e-10,
        atol=1e-12,
    )
    np.testing.assert_array_equal(conv4(w, x, padding=[2] * axes), conv4(w, x, padding=((2, 2),) * axes))


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (1, 2), (2, 1), (3, 2)])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_same_padding_keeps_the_size_and_is_longer_at_the_end(size, stride, dilation):
    for length in (5, 6, 7):
        w, x = rng.normal(size=(2, 3, size)), rng.normal(size=(2, 3, length))
        y = conv4(w, x, padding="same", stride=stride, dilation=dilation)
        places = -(-length // stride)
        total = max((places - 1) * stride + dilation * (size - 1) + 1 - length, 0)
        pads = ((total // 2, total - total // 2),)
        assert y.shape == (2, 2, places)
        np.testing.assert_allclose(y, by_definition(w, x, pads, stride, dilation), rtol=1e-10, atol=1e-12)


def test_same_padding_of_odd_kernels_is_padsize():
    w = rng.normal(size=(6, 4, 5, 3))
    np.testing.assert_array_equal(conv4(w, X, padding="same"), conv4(w, X, padding=padsize(w)))


def test_padsize_is_half_of_what_a_kernel_overlaps():
    assert padsize(np.zeros((8, 3, 5, 3))) == (2, 1)
    assert padsize(np.zeros((8, 3, 4))) == (1,)


@pytest.mark.parametrize(
    "options", [{}, {"padding": 1, "stride": 2}, {"group": 2, "dilation": 2, "padding": (2, 1)}]
)
def test_work_in_blocks_changes_nothing(options, monkeypatch):
    w = W[:, : 4 // options.get("group", 1)]
    y = conv4(w, X, **options)
    whole = y, conv4w(w, X, y, **options), conv4x(w, X, y, **options)
    monkeypatch.setattr(kernels, "BLOCK_BYTES", 1)
    parts = conv4(w, X, **options), conv4w(w, X, y, **options), conv4x(w, X, y, **options)
    for a, b in zip(whole, parts, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(
    ("padding", "stride", "dilation", "mode"), [(0, 1, 1, 0), (2, 2, 1, 1), (1, 3, 2, 0)]
)
def test_depthwise_convolution_is_that_of_each_channel(axes, padding, stride, dilation, mode, monkeypatch):
    options = {"padding": padding, "stride": stride, "dilation": dilation, "mode": mode}
    w, x = rng.normal(size=(5, 1, *(3, 2, 2)[:axes])), rng.normal(size=(2, 5, *(6, 5, 4)[:axes]))
    y = conv4(w, x, group=5, **options)
    np.testing.assert_allclose(y, by_definition(w, x, group=5, **options), rtol=1e-10, atol=1e-12)

    each = [(w[[c]], x[:, [c]], y[:, [c]]) for c in range(5)]
    expected = (
        np.concatenate([conv4w(*one, **options) for one in each]),
        np.concatenate([conv4x(*one, **options) for one in each], axis=1),
    )
    for limit in (1 << 18, 200, 1):
        monkeypatch.setattr(depthwise, "BLOCK_BYTES", limit)
        np.testing.assert_array_equal(conv4(w, x, group=5, **options), y)
        bars = conv4w(w, x, y, group=5, **options), conv4x(w, x, y, group=5, **options)
        for a, b in zip(bars, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def test_depthwise_convolution_takes_what_the_others_take():
    w, x = W[:4, :1].astype(np.float32), np.arange(2 * 4 * 7 * 6, dtype=np.uint8).reshape(X.shape)
    y = conv4(w, x, group=4)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, by_definition(w, x.astype(np.float32), group=4), rtol=1e-5, atol=1e-3)
    assert conv4(w, X, group=4).dtype == np.float64
    assert conv4(w, x[:0], group=4).shape == (0, 4, 5, 5)


def test_mode_0_flips_the_kernel():
    np.testing.assert_array_equal(conv4(W, X), conv4(W[:, :, ::-1, ::-1], X, mode=1))


def test_alpha_is_a_factor():
    np.testing.assert_allclose(conv4(W, X, alpha=2.5), 2.5 * conv4(W, X), rtol=1e-12)


def test_options_may_differ_from_axis_to_axis():
    y = conv4(W, X, padding=(1, 0), stride=[2, 1], dilation=(1, 2))
    assert y.shape == (2, 6, 4, 4)


def test_float32_stays_float32():
    w, x = W.astype(np.float32), X.astype(np.float32)
    y = conv4(w, x, alpha=0.5)
    assert {a.dtype for a in (y, conv4w(w, x, y), conv4x(w, x, y))} == {np.dtype(np.float32)}


def test_no_image_gives_no_result():
    x = np.zeros((0, 4, 7, 6))
    y = conv4(W, x)
    assert y.shape == (0, 6, 5, 5)
    assert conv4x(W, x, y).shape == x.shape
    assert not conv4w(W, x, y).any()


def test_results_keep_their_layout_from_layer_to_layer():
    y = conv4(W, X)
    assert np.maximum(y + np.ones((1, 6, 1, 1)), 0).strides == y.strides
    assert np.shares_memory(y, y.reshape(2, -1))


class TestBadInput:
    def test_images_have_three_to_five_axes(self):
        with pytest.raises(ShapeError, match=r"KN210 conv4: `x` has shape \(7, 6\); expected 3 to 5 axes"):
            conv4(W, X[0, 0])
        with pytest.raises(ShapeError, match=r"KN210 conv4: `w` has shape \(\)"):
            conv4(1.0, X)

    def test_filters_have_as_many_axes_as_images(self):
        with pytest.raises(
            ShapeError, match=r"KN210 conv4: `w` has shape \(6, 4, 3\) and `x` \(2, 4, 7, 6\)"
        ):
            conv4(W[..., 0], X)

    def test_channels_must_agree(self):
        with pytest.raises(
            ShapeError, match=r"KN211 conv4: `x` of shape \(2, 3, 7, 6\) has 3 channels, .* expects 4"
        ):
            conv4(W, X[:, :3])

    def test_the_kernel_must_fit_into_the_image(self):
        with pytest.raises(
            ShapeError, match=r"KN212 conv4: a kernel of \(3, 2\) does not fit into an image of \(2, 6\)"
        ):
            conv4(W, X[:, :, :2])

    def test_a_cotangent_has_the_shape_of_the_result(self):
        for transpose in (conv4w, conv4x):
            with pytest.raises(ShapeError, match=r"KN213 conv4.: `dy` has shape .*; expected \(2, 6, 5, 5\)"):
                transpose(W, X, np.zeros((2, 6, 5, 4)))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("padding", -1),
            ("stride", 0),
            ("dilation", (1, 2, 3)),
            ("stride", 1.5),
            ("stride", True),
            ("stride", np.array([1, 1])),
            ("padding", "valid"),
            ("padding", ((1, 2),)),
            ("padding", ((1, 2), (1, 2, 3))),
            ("padding", ((1, -2), 0)),
            ("padding", (1, 2, 3)),
            ("padding", np.array([1, 1])),
        ],
    )
    def test_options_are_ints(self, name, value):
        with pytest.raises(ArgumentError, match=rf"KN310 conv4: `{name}` is .*; expected an int >= "):
            conv4(W, X, **{name: value})

    def test_the_mode_is_0_or_1(self):
        with pytest.raises(ArgumentError, match=r"KN311 conv4: `mode` is 2; expected 0 .* or 1"):
            conv4(W, X, mode=2)

    @pytest.mark.parametrize("group", [0, 4, 1.0])
    def test_groups_divide_the_output_channels(self, group):
        with pytest.raises(
            ArgumentError, match=rf"KN312 conv4: `group` is {group}; expected .* divides the 6 output"
        ):
            conv4(W, X, group=group)

    @pytest.mark.parametrize(("w", "x"), [(int, np.uint8), (float, complex), (bool, bool)])
    def test_the_result_has_to_be_of_floats(self, w, x):
        with pytest.raises(DtypeError, match=r"KN318 conv4: `w` is an array of .*; expected floats"):
            conv4(W.astype(w), np.ones(X.shape, x))

    def test_images_of_ints_meet_filters_of_floats(self):
        pixels = np.arange(2 * 4 * 7 * 6, dtype=np.uint8).reshape(X.shape)
        assert conv4(W.astype(np.float32), pixels).dtype == np.float32

    def test_padsize_is_that_of_filters(self):
        with pytest.raises(ShapeError, match=r"KN210 padsize: `w` has shape \(3, 3\)"):
            padsize(np.zeros((3, 3)))
