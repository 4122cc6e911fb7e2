from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import BatchNorm, Chain, GroupNorm, LayerNorm, RMSNorm
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def shaken(layer):
    """A layer whose scale is not 1 and whose bias is not 0."""
    layer.scale += rng.normal(size=layer.scale.shape).astype(np.float32)
    if hasattr(layer, "bias"):
        layer.bias += rng.normal(size=layer.bias.shape).astype(np.float32)
    return layer


def test_layers_are_the_ops_with_their_parameters():
    x, images = rng.normal(size=(5, 7, 4)), rng.normal(size=(5, 4, 3, 3))
    layer, rms, group = (
        shaken(LayerNorm(4, eps=0.1)),
        shaken(RMSNorm(4, eps=0.2)),
        shaken(GroupNorm(4, 2, eps=0.3)),
    )

    np.testing.assert_array_equal(layer(x), knetc.layernorm(x, layer.scale, layer.bias, eps=0.1))
    np.testing.assert_array_equal(rms(x), knetc.rmsnorm(x, rms.scale, eps=0.2))
    np.testing.assert_array_equal(group(images), knetc.groupnorm(images, 2, group.scale, group.bias, eps=0.3))


def test_batchnorm_follows_the_batches_in_gradients_only():
    layer, x = shaken(BatchNorm(3, momentum=0.5)), 2 + 3 * rng.normal(size=(50, 3, 4))
    before = layer(x)
    np.testing.assert_allclose(
        before, x * layer.scale[:, None] / np.sqrt(1 + 1e-5) + layer.bias[:, None], rtol=1e-6
    )
    knetc.grad(lambda layer, x: np.sum(layer(x)))(layer, x)

    np.testing.assert_allclose(layer.moments.mean, 0.5 * x.mean((0, 2)), rtol=1e-6)
    np.testing.assert_allclose(layer.moments.var, 0.5 + 0.5 * x.var((0, 2), ddof=1), rtol=1e-6)
    assert not np.allclose(layer(x), before)


def test_optimisers_leave_the_moments_alone():
    layer = BatchNorm(3)

    assert knetc.parameters(layer) == 6
    assert repr(layer) == "BatchNorm(3)  6 parameters"


def test_moments_are_saved_and_loaded(tmp_path):
    path, layer, other = tmp_path / "norm.safetensors", shaken(BatchNorm(3)), BatchNorm(3)
    knetc.grad(lambda layer, x: np.sum(layer(x) ** 2))(layer, rng.normal(size=(9, 3)).astype(np.float32))
    knetc.save(path, layer)
    knetc.load(path, into=other)
    x = rng.normal(size=(9, 3))

    np.testing.assert_array_equal(layer(x), other(x))
    assert other.moments.mean.any()


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(LayerNorm(4), (3, 4)), (LayerNorm(4), (2, 3, 4)), (RMSNorm(4), (3, 4)), (GroupNorm(4, 2), (3, 4, 5))],
    ids=str,
)
def test_gradients_are_those_of_differences(layer, shape):
    gradcheck(lambda layer, x: layer(x), shaken(layer), rng.normal(size=shape))


def test_the_gradient_of_batchnorm_is_that_of_its_formula():
    layer, x = shaken(BatchNorm(4)), rng.normal(size=(3, 4, 5))
    weights = rng.normal(size=x.shape)

    def formula(scale, bias, x):
        centred = x - np.mean(x, axis=(0, 2), keepdims=True)
        deviation = np.sqrt(np.mean(centred**2, axis=(0, 2), keepdims=True) + 1e-5)
        return np.sum(weights * (centred / deviation * scale[:, None] + bias[:, None]))

    found = knetc.grad(lambda layer, x: np.sum(weights * layer(x)), wrt=("layer", "x"))(layer, x)
    scale, bias, x_bar = knetc.grad(formula, wrt=(0, 1, 2))(
        layer.scale.astype(float), layer.bias.astype(float), x
    )

    np.testing.assert_allclose(found[0].scale, scale, rtol=1e-5)
    np.testing.assert_allclose(found[0].bias, bias, rtol=1e-5)
    np.testing.assert_allclose(found[1], x_bar, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("cls", [BatchNorm, LayerNorm, RMSNorm])
def test_sizes_are_positive(cls):
    with pytest.raises(ArgumentError, match=f"KN346 {cls.__name__}: `(channels|size)` is 0; expected an int"):
        cls(0)


@pytest.mark.parametrize(
    ("layer", "shape", "text"),
    [
        (BatchNorm(3), (2, 4, 5), "BatchNorm(3)  6 parameters"),
        (LayerNorm(3), (2, 4), "LayerNorm(3)  6 parameters"),
        (RMSNorm(3), (2, 4), "RMSNorm(3)  3 parameters"),
        (GroupNorm(4, 2), (2, 6, 5), "GroupNorm(4, 2 groups)  8 parameters"),
    ],
    ids=str,
)
def test_sizes_that_do_not_fit_are_told_with_the_layer(layer, shape, text):
    with pytest.raises(ShapeError, match="KN22") as caught:
        Chain(np.tanh, layer)(np.ones(shape))

    assert caught.value.layer == f"`layers[1]` of Chain, {text}"


def test_groups_divide_the_channels():
    with pytest.raises(
        ArgumentError, match="KN332 GroupNorm: `groups` is 3; expected a divisor of `channels`=4"
    ):
        GroupNorm(4, 3)


@pytest.mark.parametrize("cls", [BatchNorm, LayerNorm, RMSNorm])
def test_options_are_checked(cls):
    with pytest.raises(ArgumentError, match=r"KN331 .*`eps` is -1.0; expected a number above 0") as caught:
        cls(4, eps=-1.0)(np.ones((3, 4)))
    assert caught.value.layer.startswith(f"{cls.__name__}(4)")
