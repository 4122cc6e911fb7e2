"""Embeddings and attention beside PyTorch's: values, all gradients, and training with sparse gradients."""

from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc import attention, embed
from knetc.train import SGD, Adam, Momentum, minimize, run
from tests.peers.test_torch_ops import assert_same

pytestmark = pytest.mark.peers("torch")

IDS = np.random.default_rng(1).integers(0, 20, (6, 3, 5))


@pytest.mark.parametrize("scale", [None, 0.3])
@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_scaled_dot_product_attention(torch, rng, scale, masked):
    q, k, v = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(2, 3, 6, 7))
    mask = (rng.random((2, 1, 4, 6)) < 0.5) | np.eye(4, 6, dtype=bool) if masked else None

    def theirs(q, k, v):
        seen = None if mask is None else torch.tensor(mask)
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen, scale=scale)
        return y.sin().sum()

    assert_same(
        torch, lambda q, k, v: np.sum(np.sin(attention(q, k, v, mask=mask, scale=scale))), theirs, q, k, v
    )


def test_causal_attention_is_torch_s(torch, rng):
    q, k, v = (rng.normal(size=(2, 3, 5, 4)) for _ in range(3))

    assert_same(
        torch,
        lambda q, k, v: np.sum(np.sin(attention(q, k, v, causal=True))),
        lambda q, k, v: torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True).sin().sum(),
        q,
        k,
        v,
    )


def test_a_query_that_sees_nothing_gets_torch_s_zeros(torch, rng):
    q, k, v = (rng.normal(size=(2, 4, 3)) for _ in range(3))
    mask = np.tri(4, dtype=bool)[::-1].copy()
    mask[1] = False

    def theirs(q, k, v):
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=torch.tensor(mask))
        return y.sin().sum()

    assert_same(torch, lambda q, k, v: np.sum(np.sin(attention(q, k, v, mask=mask))), theirs, q, k, v)


def test_embed_is_embedding(torch, rng):
    assert_same(
        torch,
        lambda w: np.sum(np.sin(embed(w, IDS[0])) @ w[:4].T),
        lambda w: (torch.nn.functional.embedding(torch.tensor(IDS[0]), w).sin() @ w[:4].T).sum(),
        rng.normal(size=(20, 4)),
    )


@pytest.mark.parametrize(
    ("optimiser", "name", "options"),
    [
        (SGD(0.3), "SGD", {"lr": 0.3}),
        # SparseAdam adds eps to a root that it does not correct, so none is added
        (Adam(0.1, beta1=0.8, eps=1e-15), "SparseAdam", {"lr": 0.1, "betas": (0.8, 0.999), "eps": 1e-15}),
    ],
)
def test_training_with_sparse_gradients_is_torch_s(torch, rng, optimiser, name, options):
    w, direction = rng.normal(size=(20, 4)), rng.normal(size=(3, 5, 4))
    layer = torch.nn.Embedding(20, 4, sparse=True, dtype=torch.float64)
    layer.weight.data = torch.tensor(w)
    theirs = getattr(torch.optim, name)(layer.parameters(), **options)
    for ids in IDS:
        theirs.zero_grad()
        (layer(torch.tensor(ids)) * torch.tensor(direction)).sin().sum().backward()
        theirs.step()

    model = {"w": w.copy()}
    run(
        minimize(
            lambda m, ids: np.sum(np.sin(embed(m["w"], ids) * direction)), list(IDS), optimiser, params=model
        )
    )

    np.testing.assert_allclose(model["w"], layer.weight.detach().numpy(), rtol=1e-10)


def test_momentum_on_a_dense_gradient_is_reached_by_an_index(torch, rng):
    w = rng.normal(size=(20, 4))
    layer = torch.nn.Embedding(20, 4, dtype=torch.float64)
    layer.weight.data = torch.tensor(w)
    theirs = torch.optim.SGD(layer.parameters(), lr=0.1, momentum=0.9)
    for ids in IDS:
        theirs.zero_grad()
        layer(torch.tensor(ids)).sin().sum().backward()
        theirs.step()

    model = {"w": w.copy()}
    run(minimize(lambda m, ids: np.sum(np.sin(m["w"][ids])), list(IDS), Momentum(0.1, 0.9), params=model))

    np.testing.assert_allclose(model["w"], layer.weight.detach().numpy(), rtol=1e-10)
    assert knetc.grad(lambda w, ids: np.sum(w[ids]))(w, IDS[0]).shape == w.shape
