from __future__ import annotations

import itertools

import numpy as np
import pytest

from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops import conv4, deconv4
from knetc.ops.conv import conv4x

rng = np.random.default_rng(0)
W = rng.normal(size=(4, 3, 3, 2))
X = rng.normal(size=(2, 4, 5, 4))


def by_definition(w, x, padding=0, stride=1, dilation=1, mode=0, group=1, output_padding=0):
    """Every element of `x` puts its multiple of the kernel down on the result."""
    axes = range(2, x.ndim)
    if mode == 0:
        w = np.flip(w, tuple(axes))
    size = [(x.shape[i] - 1) * stride + dilation * (w.shape[i] - 1) + 1 + output_padding for i in axes]
    y = np.zeros((x.shape[0], w.shape[1] * group, *size))
    for n, c, *place in np.ndindex(*x.shape):
        first = c // (x.shape[1] // group) * w.shape[1]
        window = (
            slice(p * stride, p * stride + dilation * (w.shape[i] - 1) + 1, dilation)
            for p, i in zip(place, axes, strict=True)
        )
        y[(n, slice(first, first + w.shape[1]), *window)] += w[c] * x[(n, c, *place)]
    return y[(..., *(slice(padding, m - padding) for m in size))]


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_values_are_those_of_the_definition(axes):
    x = rng.normal(size=(2, 4, *(4, 3, 2)[:axes]))
    for padding, stride, dilation, mode, group in itertools.product(
        (0, 1), (1, 2, 3), (1, 2), (0, 1), (1, 2)
    ):
        w = rng.normal(size=(4, 3, *(3, 2, 2)[:axes]))
        options = {"padding": padding, "stride": stride, "dilation": dilation, "mode": mode, "group": group}
        for output_padding in range(stride):
            np.testing.assert_allclose(
                deconv4(w, x, output_padding=output_padding, **options),
                by_definition(w, x, output_padding=output_padding, **options),
                rtol=1e-10,
                atol=1e-12,
            )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1, "output_padding": 1},
        {"stride": (3, 2), "dilation": (1, 2), "padding": ((1, 0), (0, 2)), "output_padding": (2, 1)},
        {"padding": "same", "stride": 2},
        {"padding": "same", "stride": 5, "alpha": 2.5, "mode": 1},
        {"group": 2, "padding": 1, "alpha": -1.5},
    ],
)
def test_it_is_the_transpose_of_conv4(options):
    y = deconv4(W, X, **options)
    back = {name: value for name, value in options.items() if name != "output_padding"}
    v = rng.normal(size=y.shape)
    assert conv4(W, v, **back).shape == X.shape
    np.testing.assert_allclose(np.sum(conv4(W, v, **back) * X), np.sum(v * y), rtol=1e-10)
    np.testing.assert_array_equal(conv4x(W, v, X, **back), y)


def test_same_padding_multiplies_the_size_by_the_stride():
    assert deconv4(W, X, padding="same", stride=(3, 2)).shape == (2, 3, 15, 8)
    assert deconv4(W, X, padding="same", stride=7).shape == (2, 3, 35, 28)


def test_channels_are_those_of_filters_with_two_of_their_axes_exchanged():
    assert deconv4(rng.normal(size=(4, 7, 2, 2)), X).shape == (2, 7, 6, 5)
    assert deconv4(rng.normal(size=(4, 7, 2, 2)), X, group=2).shape == (2, 14, 6, 5)


def test_float32_stays_float32_and_no_image_gives_no_result():
    assert deconv4(W.astype(np.float32), X.astype(np.float32), alpha=0.5).dtype == np.float32
    assert deconv4(W, X[:0]).shape == (0, 3, 7, 5)


class TestBadInput:
    def test_images_have_three_to_five_axes(self):
        with pytest.raises(ShapeError, match=r"KN210 deconv4: `x` has shape \(5, 4\); expected 3 to 5 axes"):
            deconv4(W, X[0, 0])

    def test_filters_have_as_many_axes_as_images(self):
        with pytest.raises(
            ShapeError, match=r"KN210 deconv4: `w` has shape \(4, 3, 3\) and `x` \(2, 4, 5, 4\)"
        ):
            deconv4(W[..., 0], X)

    def test_the_first_axis_of_the_filters_counts_the_channels_of_the_images(self):
        with pytest.raises(
            ShapeError,
            match=r"(?s)KN211 deconv4: `x` .* has 4 channels, .* expects 3\nhelp: .*\(4, 4, 2, 2\)",
        ):
            deconv4(rng.normal(size=(3, 4, 2, 2)), X)

    @pytest.mark.parametrize("group", [0, 3, 1.0, True])
    def test_groups_divide_the_input_channels(self, group):
        with pytest.raises(ArgumentError, match=r"KN312 deconv4: `group` is .* divides the 4 input channels"):
            deconv4(W, X, group=group)

    def test_the_padding_leaves_something(self):
        with pytest.raises(
            ShapeError, match=r"KN217 deconv4: with a kernel of \(3, 2\) .* would have the shape \(1, -1\)"
        ):
            deconv4(W, X, padding=3)

    def test_images_have_elements(self):
        with pytest.raises(ShapeError, match=r"KN217 deconv4: .* an image of \(0, 4\)"):
            deconv4(W, X[:, :, :0])

    @pytest.mark.parametrize(("extra", "stride"), [(1, 1), (2, 2), ((0, 3), (2, 3))])
    def test_the_output_padding_is_less_than_the_stride(self, extra, stride):
        with pytest.raises(
            ArgumentError, match=r"KN315 deconv4: `output_padding` is .*; expected less than the `stride`"
        ):
            deconv4(W, X, stride=stride, output_padding=extra)

    def test_the_output_padding_is_not_said_twice(self):
        with pytest.raises(ArgumentError, match=r'KN315 deconv4: .* expected 0 with padding="same"'):
            deconv4(W, X, padding="same", stride=2, output_padding=1)

    @pytest.mark.parametrize(
        ("name", "value"), [("padding", -1), ("stride", 0), ("dilation", 0.5), ("output_padding", -1)]
    )
    def test_options_are_ints(self, name, value):
        with pytest.raises(ArgumentError, match=rf"KN310 deconv4: `{name}` is .*; expected an int >= "):
            deconv4(W, X, **{name: value})

    def test_the_mode_is_0_or_1(self):
        with pytest.raises(ArgumentError, match=r"KN311 deconv4: `mode` is 2"):
            deconv4(W, X, mode=2)

    def test_the_result_has_to_be_of_floats(self):
        with pytest.raises(DtypeError, match=r"KN318 deconv4: .* expected floats"):
            deconv4(W.astype(int), X.astype(int))
