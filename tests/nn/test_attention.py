from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc.errors import ArgumentError, ShapeError
from knetc.nn import Chain, Embed, Linear, MultiHeadAttention, PositionalEncoding, RMSNorm, TransformerBlock
from knetc.testing import gradcheck

rng = np.random.default_rng(0)


def shaken(layer):
    """A layer none of whose parameters is zero."""
    for _, array in knetc.runtime.tree.leaves(layer):
        array[...] += 0.3 * rng.normal(size=array.shape)
    return layer


def by_heads(layer, x, context, seen):
    """Attention head by head and instance by instance."""
    n, size = layer.heads, layer.query.w.shape[0]
    q, k, v = layer.query(x), layer.key(context), layer.value(context)
    y = np.empty(q.shape)
    for i in range(len(x)):
        for part in np.split(np.arange(size), n):
            scores = q[i][:, part] @ k[i][:, part].T / np.sqrt(size // n)
            weights = np.exp(np.where(seen[i], scores, -np.inf))
            y[i][:, part] = weights / weights.sum(1, keepdims=True) @ v[i][:, part]
    return layer.output(y)


def test_heads_look_at_another_sequence():
    layer, x, context = (
        shaken(MultiHeadAttention(6, 3)),
        rng.normal(size=(2, 4, 6)),
        rng.normal(size=(2, 5, 6)),
    )
    seen = np.ones((2, 4, 5), bool)

    np.testing.assert_allclose(layer(x, context), by_heads(layer, x, context, seen), rtol=1e-6)


def test_a_mask_hides_places():
    layer, x = shaken(MultiHeadAttention(6, 2)), rng.normal(size=(2, 4, 6))
    seen = rng.random((2, 4, 4)) < 0.6
    seen |= np.eye(4, dtype=bool)

    np.testing.assert_allclose(layer(x, mask=seen), by_heads(layer, x, x, seen), rtol=1e-6)
    np.testing.assert_allclose(layer(x, mask=seen[0]), by_heads(layer, x, x, seen[[0, 0]]), rtol=1e-6)


def test_a_causal_layer_sees_the_past_only():
    layer, x = shaken(MultiHeadAttention(6, 2, causal=True)), rng.normal(size=(2, 4, 6))
    later = x.copy()
    later[:, 3] += 1

    np.testing.assert_allclose(
        layer(x), by_heads(layer, x, x, np.tri(4, dtype=bool)[None][[0, 0]]), rtol=1e-6
    )
    np.testing.assert_array_equal(layer(x)[:, :3], layer(later)[:, :3])


def test_a_block_normalises_first_and_adds_to_what_goes_past():
    block, x = shaken(TransformerBlock(6, 2, hidden=5, activation=np.tanh)), rng.normal(size=(2, 4, 6))
    y = x + block.attention(block.norm1(x))
    expected = y + block.down(np.tanh(block.norm2(y) @ block.up.w.T + block.up.b))

    assert block.up.w.shape == (5, 6)
    np.testing.assert_allclose(block(x), expected, rtol=1e-10)


def test_a_block_hands_its_mask_on():
    block, x = shaken(TransformerBlock(6, 2)), rng.normal(size=(2, 4, 6))
    causal = shaken(TransformerBlock(6, 2, causal=True))
    causal.__dict__ = {**block.__dict__}
    past = block(x, mask=np.tri(4, dtype=bool))
    block.attention.causal = True

    np.testing.assert_array_equal(causal(x), past)


@pytest.mark.parametrize("context", [True, False])
def test_gradients_of_attention_are_those_of_differences(context):
    layer, x = shaken(MultiHeadAttention(4, 2, causal=not context)), rng.normal(size=(2, 3, 4))
    other, mask = rng.normal(size=(2, 5, 4)), rng.random((2, 3, 5)) < 0.7

    if context:
        gradcheck(lambda layer, x, other: layer(x, other, mask=mask), layer, x, other)
    else:
        gradcheck(lambda layer, x: layer(x), layer, x)


def test_gradients_of_a_block_are_those_of_differences():
    gradcheck(
        lambda block, x: block(x),
        shaken(TransformerBlock(4, 2, hidden=3, norm=RMSNorm)),
        rng.normal(size=(2, 3, 4)),
    )


def test_a_small_transformer_learns_to_copy_the_word_before():
    class Model:
        def __init__(self):
            self.body = Chain(Embed(5, 16), PositionalEncoding(8, 16), TransformerBlock(16, 4, causal=True))
            self.head = Linear(16, 5)

        def __call__(self, words, y=None):
            scores = self.head(self.body(words))
            return scores if y is None else knetc.nll(scores, y)

    knetc.seed(1)
    words = np.random.default_rng(1).integers(0, 5, (64, 8))
    before = np.concatenate([np.full((64, 1), -1), words[:, :-1]], axis=1)
    model = Model()
    losses = list(knetc.adam(model, [(words, before)] * 150, lr=0.02))

    assert losses[-1] < 0.1 * losses[0]


def test_layers_show_their_sizes():
    assert repr(MultiHeadAttention(8, 2, bias=False)).startswith(
        "MultiHeadAttention(8, 2 heads)  256 parameters\n"
    )
    assert repr(TransformerBlock(8, 2, causal=True)).startswith(
        "TransformerBlock(8, 2 heads, causal, gelu)  "
    )


@pytest.mark.parametrize("cls", [MultiHeadAttention, TransformerBlock])
def test_heads_divide_the_size(cls):
    with pytest.raises(
        ArgumentError, match="KN347 MultiHeadAttention: `heads` is 3; expected a divisor of `size`=8"
    ):
        cls(8, 3)


def test_a_width_that_does_not_fit_is_told_with_its_path():
    model = Chain(np.tanh, TransformerBlock(8, 2))
    with pytest.raises(ShapeError) as caught:
        model(np.zeros((2, 5, 6)))

    assert caught.value.layer == "`layers[1].norm1` of Chain, LayerNorm(8)  16 parameters"
