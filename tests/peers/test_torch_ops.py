"""Each op and all of its gradients, beside PyTorch's in float64."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import knetc
from knetc import conv4, dropout, logsoftmax, logsumexp, nll, pool, softmax

pytestmark = pytest.mark.peers("torch")

CONVOLUTIONS = [
    # padding, stride, dilation, groups
    (0, 1, 1, 1),
    (2, 1, 1, 1),
    ((1, 2), 1, 1, 1),
    (0, 2, 1, 1),
    (1, (2, 3), 1, 1),
    (0, 1, 2, 1),
    (2, 2, (1, 2), 1),
    (1, 1, 1, 2),
    (1, 2, 1, 4),
]
POOLINGS = [
    # window, padding, stride
    (2, 0, 2),
    (3, 1, 2),
    (3, 0, 1),
    ((2, 3), (1, 0), (2, 1)),
]


def assert_same(torch, ours, theirs, *arrays):
    """Values and gradients in all arrays agree, for two functions with scalar results."""
    names = tuple(range(len(arrays)))
    value, gradients = knetc.value_and_grad(ours, wrt=names)(*arrays)
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = theirs(*tensors)
    expected.backward()

    np.testing.assert_allclose(value, expected.item(), rtol=1e-10)
    for gradient, tensor in zip(gradients, tensors, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


# ---- convolution and pooling


@pytest.mark.parametrize(("padding", "stride", "dilation", "group"), CONVOLUTIONS)
def test_conv4_in_mode_1_is_conv2d(torch, rng, padding, stride, dilation, group):
    w, x = rng.normal(size=(8, 4 // group, 3, 2)), rng.normal(size=(3, 4, 9, 8))

    def ours(w, x):
        y = conv4(w, x, padding=padding, stride=stride, dilation=dilation, mode=1, group=group)
        return np.sum(np.sin(y))

    def theirs(w, x):
        y = torch.nn.functional.conv2d(x, w, padding=padding, stride=stride, dilation=dilation, groups=group)
        return y.sin().sum()

    assert_same(torch, ours, theirs, w, x)


def test_conv4_in_mode_0_is_conv2d_with_flipped_kernels(torch, rng):
    w, x = rng.normal(size=(5, 2, 3, 3)), rng.normal(size=(2, 2, 6, 7))

    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(conv4(w, x))),
        lambda w, x: torch.nn.functional.conv2d(x, w.flip(2, 3)).sin().sum(),
        w,
        x,
    )


@pytest.mark.parametrize("axes", [1, 3])
def test_conv4_in_one_and_three_dimensions_is_torch_s(torch, rng, axes):
    w, x = rng.normal(size=(4, 3, *(2,) * axes)), rng.normal(size=(2, 3, *(5,) * axes))
    convolution = {1: torch.nn.functional.conv1d, 3: torch.nn.functional.conv3d}[axes]

    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(conv4(w, x, padding=1, stride=2, mode=1))),
        lambda w, x: convolution(x, w, padding=1, stride=2).sin().sum(),
        w,
        x,
    )


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize(("size", "dilation"), [(1, 1), (2, 1), (3, 1), (4, 1), (2, 2), (3, 3)])
def test_same_padding_is_torch_s(torch, rng, axes, size, dilation):
    w, x = rng.normal(size=(4, 3, *(size,) * axes)), rng.normal(size=(2, 3, *(5, 4, 6)[:axes]))
    convolution = getattr(torch.nn.functional, f"conv{axes}d")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of even kernels torch says that they take a copy
        assert_same(
            torch,
            lambda w, x: np.sum(np.sin(conv4(w, x, padding="same", dilation=dilation, mode=1))),
            lambda w, x: convolution(x, w, padding="same", dilation=dilation).sin().sum(),
            w,
            x,
        )


@pytest.mark.parametrize(("stride", "size"), [(2, 3), (2, 2), (3, 4), (4, 2)])
@pytest.mark.parametrize("length", [6, 7, 8, 9])
def test_same_padding_with_a_stride_is_tensorflow_s(torch, rng, stride, size, length):
    # TensorFlow pads by as much as its documentation says, the larger part at the end; torch can do that by hand.
    w, x = rng.normal(size=(4, 3, size)), rng.normal(size=(2, 3, length))
    total = max((size - stride if length % stride == 0 else size - length % stride), 0)

    def theirs(w, x):
        padded = torch.nn.functional.pad(x, (total // 2, total - total // 2))
        return torch.nn.functional.conv1d(padded, w, stride=stride).sin().sum()

    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(conv4(w, x, padding="same", stride=stride, mode=1))),
        theirs,
        w,
        x,
    )


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_padding_that_differs_from_end_to_end_is_torch_s_pad(torch, rng, axes):
    w, x = rng.normal(size=(4, 3, *(2,) * axes)), rng.normal(size=(2, 3, *(5, 4, 3)[:axes]))
    pairs = ((1, 0), (0, 2), (2, 1))[:axes]
    flat = [n for pair in reversed(pairs) for n in pair]
    convolution = getattr(torch.nn.functional, f"conv{axes}d")

    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(conv4(w, x, padding=pairs, stride=2, mode=1))),
        lambda w, x: convolution(torch.nn.functional.pad(x, flat), w, stride=2).sin().sum(),
        w,
        x,
    )
    assert_same(
        torch,
        lambda x: np.sum(np.sin(knetc.zeropad(x, pairs)) * 0.5),
        lambda x: (torch.nn.functional.pad(x, flat).sin() * 0.5).sum(),
        x,
    )


@pytest.mark.parametrize(("padding", "stride", "dilation", "group"), CONVOLUTIONS)
def test_conv_with_bias_and_activation_is_conv2d(torch, rng, padding, stride, dilation, group):
    w, x, bias = rng.normal(size=(8, 4 // group, 3, 2)), rng.normal(size=(3, 4, 9, 8)), rng.normal(size=8)
    options = {"padding": padding, "stride": stride, "dilation": dilation, "groups": group}

    def ours(w, x, bias):
        return np.sum(np.sin(knetc.conv(w, x, bias=bias, activation=knetc.gelu, **options)))

    def theirs(w, x, bias):
        y = torch.nn.functional.conv2d(x, w, bias, **options)
        return torch.nn.functional.gelu(y).sin().sum()

    assert_same(torch, ours, theirs, w, x, bias)


def test_depthwise_conv_is_conv2d_with_as_many_groups_as_channels(torch, rng):
    for filters in (6, 12):
        w, x = rng.normal(size=(filters, 1, 3, 2)), rng.normal(size=(3, 6, 7, 8))

        def theirs(w, x):
            return torch.nn.functional.conv2d(x, w, padding=1, stride=2, groups=6).sin().sum()

        assert_same(
            torch,
            lambda w, x: np.sum(np.sin(knetc.conv(w, x, padding=1, stride=2, groups=6))),
            theirs,
            w,
            x,
        )


DECONVOLUTIONS = [
    # padding, stride, dilation, groups, output_padding
    (0, 1, 1, 1, 0),
    (1, 2, 1, 1, 1),
    ((1, 0), (2, 3), 1, 1, (0, 2)),
    (2, 3, (1, 2), 1, 2),
    (0, 2, 2, 2, 1),
    (1, 1, 1, 4, 0),
]


@pytest.mark.parametrize(("padding", "stride", "dilation", "groups", "output_padding"), DECONVOLUTIONS)
def test_deconv_is_conv_transpose2d(torch, rng, padding, stride, dilation, groups, output_padding):
    w, x, bias = rng.normal(size=(4, 3, 3, 2)), rng.normal(size=(2, 4, 5, 4)), rng.normal(size=3 * groups)
    options = {"padding": padding, "stride": stride, "dilation": dilation, "groups": groups}

    def ours(w, x, bias):
        y = knetc.deconv(w, x, bias=bias, activation=np.tanh, output_padding=output_padding, **options)
        return np.sum(np.sin(y))

    def theirs(w, x, bias):
        y = torch.nn.functional.conv_transpose2d(x, w, bias, output_padding=output_padding, **options)
        return y.tanh().sin().sum()

    assert_same(torch, ours, theirs, w, x, bias)


@pytest.mark.parametrize("axes", [1, 3])
def test_deconv4_in_one_and_three_dimensions_is_torch_s(torch, rng, axes):
    w, x = rng.normal(size=(4, 3, *(3,) * axes)), rng.normal(size=(2, 4, *(4,) * axes))
    transpose = getattr(torch.nn.functional, f"conv_transpose{axes}d")

    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(knetc.deconv4(w, x, 1, stride=2, output_padding=1, mode=1, alpha=0.5))),
        lambda w, x: (0.5 * transpose(x, w, padding=1, stride=2, output_padding=1)).sin().sum(),
        w,
        x,
    )
    assert_same(
        torch,
        lambda w, x: np.sum(np.sin(knetc.deconv4(w, x))),
        lambda w, x: transpose(x, w.flip(*range(2, 2 + axes))).sin().sum(),
        w,
        x,
    )


def test_unpool_is_interpolate_to_the_nearest(torch, rng):
    x = rng.normal(size=(2, 3, 4, 5))

    assert_same(
        torch,
        lambda x: np.sum(np.sin(knetc.unpool(x, window=(3, 2)))),
        lambda x: torch.nn.functional.interpolate(x, scale_factor=(3, 2)).sin().sum(),
        x,
    )


def test_bmm_is_torch_s(torch, rng):
    a, b = rng.normal(size=(5, 3, 2)), rng.normal(size=(5, 4, 3))

    assert_same(
        torch,
        lambda a, b: np.sum(np.sin(knetc.bmm(a, b, transA=True, transB=True))),
        lambda a, b: torch.bmm(a.transpose(1, 2), b.transpose(1, 2)).sin().sum(),
        a,
        b,
    )


@pytest.mark.parametrize("shape", [(4,), (6, 4), (2, 6, 4)])
def test_linear_is_torch_s(torch, rng, shape):
    w, x, bias = rng.normal(size=(3, 4)), rng.normal(size=shape), rng.normal(size=3)

    assert_same(
        torch,
        lambda w, x, bias: np.sum(np.sin(knetc.linear(w, x, bias))),
        lambda w, x, bias: torch.nn.functional.linear(x, w, bias).sin().sum(),
        w,
        x,
        bias,
    )


@pytest.mark.parametrize(("window", "padding", "stride"), POOLINGS)
def test_pool_is_max_pool2d(torch, rng, window, padding, stride):
    x = rng.normal(size=(2, 3, 7, 8))

    assert_same(
        torch,
        lambda x: np.sum(np.sin(pool(x, window=window, padding=padding, stride=stride))),
        lambda x: torch.nn.functional.max_pool2d(x, window, stride, padding).sin().sum(),
        x,
    )


@pytest.mark.parametrize(("window", "padding", "stride"), POOLINGS)
@pytest.mark.parametrize("mode", [1, 2])
def test_pool_of_means_is_avg_pool2d(torch, rng, window, padding, stride, mode):
    x = rng.normal(size=(2, 3, 7, 8))

    def theirs(x):
        y = torch.nn.functional.avg_pool2d(x, window, stride, padding, count_include_pad=mode == 1)
        return y.sin().sum()

    assert_same(
        torch,
        lambda x: np.sum(np.sin(pool(x, window=window, padding=padding, stride=stride, mode=mode))),
        theirs,
        x,
    )


def test_of_equal_maxima_pool_chooses_the_same(torch, rng):
    x = rng.integers(0, 3, (2, 3, 8, 8)).astype(float)

    assert_same(
        torch,
        lambda x: np.sum(np.sin(pool(x, window=3, stride=2))),
        lambda x: torch.nn.functional.max_pool2d(x, 3, 2).sin().sum(),
        x,
    )


# ---- softmax and losses


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_torch_s(torch, rng, axis):
    x, g = 5 * rng.normal(size=(4, 6, 3)), rng.normal(size=(4, 6, 3))
    weight = torch.tensor(g)

    assert_same(
        torch,
        lambda x: np.sum(softmax(x, axis=axis) * g),
        lambda x: (torch.softmax(x, axis) * weight).sum(),
        x,
    )


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_logsoftmax_is_torch_s(torch, rng, axis):
    x, g = 5 * rng.normal(size=(4, 6, 3)), rng.normal(size=(4, 6, 3))
    weight = torch.tensor(g)

    assert_same(
        torch,
        lambda x: np.sum(logsoftmax(x, axis=axis) * g),
        lambda x: (torch.log_softmax(x, axis) * weight).sum(),
        x,
    )


@pytest.mark.parametrize("axis", [0, 1, (0, 2)])
def test_logsumexp_is_torch_s(torch, rng, axis):
    x = 100 * rng.normal(size=(4, 6, 3))

    assert_same(
        torch,
        lambda x: np.sum(np.sin(logsumexp(x, axis=axis))),
        lambda x: torch.logsumexp(x, axis).sin().sum(),
        x,
    )


def test_nll_is_cross_entropy(torch, rng):
    x, y = rng.normal(size=(7, 5)), rng.integers(0, 5, 7)

    assert_same(
        torch,
        lambda x: nll(x, y),
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(y)),
        x,
    )


def test_nll_leaves_out_what_cross_entropy_does(torch, rng):
    x, y = rng.normal(size=(7, 5)), np.array([0, -1, 2, -1, 4, 3, 3])

    assert_same(
        torch,
        lambda x: nll(x, y),
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(y), ignore_index=-1),
        x,
    )


def test_nll_weighs_classes_as_cross_entropy_does(torch, rng):
    x, y, weight = rng.normal(size=(7, 5)), np.array([0, -1, 2, 1, 4, 3, 3]), rng.random(5)

    def theirs(x):
        return torch.nn.functional.cross_entropy(
            x, torch.tensor(y), weight=torch.tensor(weight), ignore_index=-1
        )

    assert_same(torch, lambda x: nll(x, y, weight=weight), theirs, x)


def test_nll_of_pictures_has_its_classes_along_axis_1(torch, rng):
    x, y = rng.normal(size=(2, 4, 3, 3)), rng.integers(0, 4, (2, 3, 3))

    assert_same(
        torch,
        lambda x: nll(x, y, axis=1),
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(y)),
        x,
    )


# ---- elementwise


@pytest.mark.parametrize(
    ("ours", "name"),
    [
        (knetc.relu, "relu"),
        (knetc.sigm, "sigmoid"),
        (knetc.elu, "elu"),
        (knetc.selu, "selu"),
        (knetc.tanh, "tanh"),
        (knetc.gelu, "gelu"),
        (knetc.swish, "silu"),
        (knetc.softplus, "softplus"),
        (knetc.hardswish, "hardswish"),
    ],
)
def test_an_activation_is_torch_s(torch, rng, ours, name):
    theirs = getattr(torch.nn.functional, name)
    x = 3 * rng.normal(size=(6, 5))
    x[0] = 0.0, 0.0, -40.0, 40.0, -0.5

    def loss(x):
        return np.sum(ours(x) * np.sin(x))

    assert_same(torch, loss, lambda x: (theirs(x) * x.sin()).sum(), x)


def test_hardsigmoid_is_a_shifted_relu6(torch, rng):
    x = 3 * rng.normal(size=(6, 5))

    assert_same(
        torch,
        lambda x: np.sum(knetc.hardsigmoid(x) * np.sin(x)),
        lambda x: (torch.nn.functional.relu6(x + 3) / 6 * x.sin()).sum(),  # its own has a float32 for 1 / 6
        x,
    )


@pytest.mark.parametrize(
    ("options", "name", "theirs"),
    [
        ({"max_value": 6.0}, "relu6", {}),
        ({"negative_slope": 0.1}, "leaky_relu", {"negative_slope": 0.1}),
        ({"threshold": 0.75}, "threshold", {"threshold": 0.75, "value": 0.0}),
    ],
)
def test_relu_with_options_is_torch_s(torch, rng, options, name, theirs):
    activation = getattr(torch.nn.functional, name)
    x = 3 * rng.normal(size=(6, 5))
    x[0] = 0.0, -40.0, 40.0, 6.0, 0.76

    def loss(x):
        return np.sum(knetc.relu(x, **options) * np.sin(x))

    assert_same(torch, loss, lambda x: (activation(x, **theirs) * x.sin()).sum(), x)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_drops_as_many_as_torch_s(torch, p):
    knetc.seed(0)
    torch.manual_seed(0)
    x = np.ones(200_000)
    ours = knetc.grad(lambda x: np.sum(dropout(x, p)))(x)
    theirs = torch.nn.functional.dropout(torch.ones(200_000, dtype=torch.float64), p).numpy()

    assert set(ours.round(12)) == set(theirs.round(12))
    # Five standard deviations of the difference between two fractions of 200,000.
    assert abs(np.mean(ours == 0) - np.mean(theirs == 0)) < 5 * np.sqrt(2 * p * (1 - p) / 200_000)
