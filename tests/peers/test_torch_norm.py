"""Normalisations and losses, with all of their gradients, beside PyTorch's in float64."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc import BatchNormMoments, batchnorm, bce, groupnorm, layernorm, logistic, nll, rmsnorm
from tests.peers.test_torch_ops import assert_same

pytestmark = pytest.mark.peers("torch")

SHAPES = [(7, 4), (5, 4, 3), (3, 4, 5, 2), (2, 4, 2, 3, 2)]
EPS = 0.01


def affine(rng, n):
    return rng.uniform(0.5, 3.0, n), rng.uniform(1.0, 2.0, n)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
def test_batchnorm_is_torch_s(torch, rng, shape, training):
    x, (scale, bias) = rng.normal(3.0, 2.0, shape), affine(rng, 4)
    mean, var = rng.normal(size=4), rng.uniform(0.5, 2.0, 4)
    moments = BatchNormMoments(0.3, mean, var)
    running = torch.tensor(mean), torch.tensor(var)

    def ours(x, scale, bias):
        return np.sum(np.sin(batchnorm(x, moments, (scale, bias), training=training, eps=EPS)))

    def theirs(x, scale, bias):
        y = torch.nn.functional.batch_norm(x, *running, scale, bias, training, 0.3, EPS)
        return y.sin().sum()

    assert_same(torch, ours, theirs, x, scale, bias)
    np.testing.assert_allclose(moments.mean, running[0].numpy(), rtol=1e-12)
    np.testing.assert_allclose(moments.var, running[1].numpy(), rtol=1e-12)


def test_batchnorm_goes_through_a_training_as_torch_s_does(torch, rng):
    moments, params = BatchNormMoments(), knetc.bnparams(3, float)
    layer = torch.nn.BatchNorm2d(3, dtype=torch.float64)
    loss = knetc.grad(lambda params, x: np.sum(np.sin(batchnorm(x, moments, params))))
    for _ in range(5):
        x = rng.normal(rng.normal(), 2.0, (4, 3, 5, 5))
        params -= 0.01 * loss(params, x)
        layer.zero_grad()
        layer(torch.tensor(x)).sin().sum().backward()
        with torch.no_grad():
            layer.weight -= 0.01 * layer.weight.grad
            layer.bias -= 0.01 * layer.bias.grad
    layer.eval()
    np.testing.assert_allclose(moments.var, layer.running_var.numpy(), rtol=1e-12)
    np.testing.assert_allclose(
        batchnorm(x, moments, params), layer(torch.tensor(x)).detach().numpy(), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("axes", [1, 2])
def test_layernorm_is_torch_s(torch, rng, axes):
    x = rng.normal(3.0, 2.0, (5, 4, 3))
    scale, bias = affine(rng, x.shape[-axes:])
    assert_same(
        torch,
        lambda x, s, b: np.sum(np.sin(layernorm(x, s, b, axis=tuple(range(-axes, 0)), eps=EPS))),
        lambda x, s, b: torch.nn.functional.layer_norm(x, s.shape, s, b, EPS).sin().sum(),
        x,
        scale,
        bias,
    )


@pytest.mark.parametrize("groups", [1, 2, 6])
@pytest.mark.parametrize("space", [(4,), (3, 2), (2, 2, 2)])
def test_groupnorm_is_torch_s(torch, rng, groups, space):
    x, (scale, bias) = rng.normal(3.0, 2.0, (3, 6, *space)), affine(rng, 6)
    assert_same(
        torch,
        lambda x, s, b: np.sum(np.sin(groupnorm(x, groups, s, b, eps=EPS))),
        lambda x, s, b: torch.nn.functional.group_norm(x, groups, s, b, EPS).sin().sum(),
        x,
        scale,
        bias,
    )


def test_rmsnorm_is_torch_s(torch, rng):
    x, (scale, _) = rng.normal(3.0, 2.0, (5, 4, 3)), affine(rng, 3)
    assert_same(
        torch,
        lambda x, s: np.sum(np.sin(rmsnorm(x, s, eps=EPS))),
        lambda x, s: torch.nn.functional.rms_norm(x, (3,), s, EPS).sin().sum(),
        x,
        scale,
    )


def test_a_second_derivative_of_batchnorm_is_torch_s(torch, rng):
    x, v, (scale, bias) = rng.normal(3.0, 2.0, (4, 3, 2)), rng.normal(size=(4, 3, 2)), affine(rng, 3)

    def f(x, s, b):
        return np.sum(np.sin(batchnorm(x, None, (s, b), training=True, eps=EPS)))

    gradients = knetc.grad(lambda x, s, b: np.sum(knetc.grad(f)(x, s, b) * v), wrt=(0, 1, 2))(x, scale, bias)
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, scale, bias)]
    y = torch.nn.functional.batch_norm(tensors[0], None, None, *tensors[1:], True, 0.1, EPS).sin().sum()
    (first,) = torch.autograd.grad(y, tensors[:1], create_graph=True)
    expected = torch.autograd.grad((first * torch.tensor(v)).sum(), tensors)
    for ours, theirs in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-8, atol=1e-10)


# ---- losses


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.1, 0.7])
def test_nll_smooths_labels_as_cross_entropy_does(torch, rng, smoothing, weighted):
    x, y = 3 * rng.normal(size=(7, 5)), np.array([0, -1, 2, 1, 4, 3, -1])
    weight = rng.uniform(0.2, 2.0, 5) if weighted else None
    options = {"weight": torch.tensor(weight) if weighted else None, "ignore_index": -1}
    options |= {"label_smoothing": smoothing}

    def theirs(x, reduction="mean"):
        return torch.nn.functional.cross_entropy(x, torch.tensor(y), reduction=reduction, **options)

    assert_same(torch, lambda x: nll(x, y, weight=weight, smoothing=smoothing), theirs, x)
    total, _ = nll(x, y, weight=weight, smoothing=smoothing, average=False)
    np.testing.assert_allclose(total, theirs(torch.tensor(x), "sum").item(), rtol=1e-12)


def test_nll_smooths_labels_of_pictures(torch, rng):
    x, y = rng.normal(size=(2, 4, 3, 3)), rng.integers(0, 4, (2, 3, 3))
    assert_same(
        torch,
        lambda x: nll(x, y, axis=1, smoothing=0.2),
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(y), label_smoothing=0.2),
        x,
    )


@pytest.mark.parametrize("soft", [False, True])
def test_bce_is_that_with_logits(torch, rng, soft):
    x, y = 5 * rng.normal(size=(6, 2)), rng.integers(0, 2, (6, 2)) * 1.0
    labels = 0.8 * y + 0.1 if soft else y
    assert_same(
        torch,
        lambda x: bce(x, labels),
        lambda x: torch.nn.functional.binary_cross_entropy_with_logits(x, torch.tensor(labels)),
        x,
    )


def test_a_weighted_total_of_bce_is_that_with_logits(torch, rng):
    x, y, weight = rng.normal(size=8), rng.integers(0, 2, 8), rng.uniform(0.2, 2.0, 8)

    def theirs(x):
        return torch.nn.functional.binary_cross_entropy_with_logits(
            x, torch.tensor(y * 1.0), torch.tensor(weight), reduction="sum"
        )

    assert_same(torch, lambda x: bce(x, y, weight=weight, average=False)[0] * 1.0, theirs, x)


def test_logistic_is_soft_margin_loss(torch, rng):
    x, y = 5 * rng.normal(size=8), 2 * rng.integers(0, 2, 8) - 1
    assert_same(
        torch,
        lambda x: logistic(x, y),
        lambda x: torch.nn.functional.soft_margin_loss(x, torch.tensor(y * 1.0)),
        x,
    )
