from __future__ import annotations

import numpy as np
import pytest

import knetc
from knetc import attention, softmax
from knetc.errors import ArgumentError, DtypeError, Refusal, ShapeError
from knetc.ops.attention import attention_backward, attention_forward
from knetc.testing import gradcheck
from tests.backends.strict import StrictArray, module

rng = np.random.default_rng(0)
Q, K, V = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(2, 3, 6, 7))
MASK = rng.random((3, 4, 6)) < 0.5
MASK[1, 2] = False


def loss(q, k, v, mask=None, causal=False, scale=None):
    return np.sum(np.sin(attention(q, k, v, mask=mask, causal=causal, scale=scale)))


# ---- values


def test_it_is_a_mean_of_the_values_by_softmax():
    expected = softmax(Q @ np.swapaxes(K, -1, -2) / np.sqrt(5)) @ V

    np.testing.assert_allclose(attention(Q, K, V), expected, rtol=1e-12)


def test_what_is_not_seen_has_no_influence():
    other_k, other_v = K.copy(), V.copy()
    other_k[..., 4:, :], other_v[..., 4:, :] = 100.0, -100.0
    mask = np.arange(6) < 4

    np.testing.assert_array_equal(attention(Q, K, V, mask=mask), attention(Q, other_k, other_v, mask=mask))
    np.testing.assert_allclose(
        attention(Q, K, V, mask=mask), attention(Q, K[..., :4, :], V[..., :4, :]), rtol=1e-12
    )


def test_causal_is_a_mask_of_the_past():
    past = np.tri(4, dtype=bool)
    keys = rng.random((2, 1, 1, 4)) < 0.5

    np.testing.assert_array_equal(attention(Q, Q, Q, causal=True), attention(Q, Q, Q, mask=past))
    both = attention(Q, Q, Q, causal=True, mask=keys)
    np.testing.assert_array_equal(both, attention(Q, Q, Q, mask=past & keys))


def test_a_query_that_sees_nothing_gets_zeros_and_passes_nothing_on():
    mask = MASK.copy()
    mask[:, 0] = False
    y = attention(Q, K, V, mask=mask)
    q_bar, k_bar, v_bar = knetc.grad(loss, wrt=("q", "k", "v"))(Q, K, V, mask)

    assert not y[:, :, 0].any()
    assert y[:, 0, 1].all()
    assert not q_bar[:, :, 0].any()
    assert np.isfinite(k_bar).all()
    assert gradcheck(loss, Q, K, V, mask)
    assert not np.any(knetc.grad(loss, wrt=("q", "k", "v"))(Q, K, V, np.zeros((4, 6), bool))[2])
    assert v_bar.any()


def test_no_keys_are_like_a_mask_of_all():
    assert attention(Q, K[..., :0, :], V[..., :0, :]).tolist() == np.zeros((2, 3, 4, 7)).tolist()


def test_nothing_overflows():
    q, k, v = np.array([[1e200], [-1e200]]), np.array([[1e100], [-1e100]]), np.array([[1.0], [2.0]])

    assert attention(q, k, v).tolist() == [[1.0], [2.0]]


def test_nan_is_not_hidden_by_a_mask_of_its_query():
    q = Q.copy()
    q[0, 0, 1] = np.nan
    y = attention(q, K, V, mask=np.ones((4, 6), bool))

    assert np.isnan(y[0, 0, 1]).all()
    assert np.isfinite(y[0, 0, 0]).all()


def test_float32_stays_float32_with_any_scale():
    q, k, v = (x.astype(np.float32) for x in (Q, K, V))
    y, saved = attention_forward(q, k, v, scale=np.float64(0.3), mask=MASK)

    assert {x.dtype for x in (y, *attention_backward(saved, y))} == {np.dtype(np.float32)}


# ---- gradients


@pytest.mark.parametrize("options", [{}, {"mask": MASK}, {"scale": 1.3}, {"mask": MASK[0], "scale": -0.7}])
def test_gradients_agree_with_differences(options):
    assert gradcheck(lambda q, k, v: loss(q, k, v, **options), Q, K, V)


def test_the_gradient_of_a_weight_that_is_nearly_one_keeps_its_digits():
    q, k, v = np.array([[1.0]]), np.array([[60.0], [0.0]]), np.array([[1.0], [3.0]])
    q_bar = knetc.grad(lambda q, k, v: np.sum(attention(q, k, v)))(q, k, v)

    np.testing.assert_allclose(q_bar, [[-120 * np.exp(-60.0)]], rtol=1e-12)


def test_one_array_may_be_all_three():
    def own(x):
        return np.sum(np.cos(attention(x, x, x, causal=True)))

    assert gradcheck(own, Q)


@pytest.mark.parametrize("options", [{}, {"mask": MASK[1], "scale": 1.3}, {"causal": True}])
def test_the_gradient_of_a_gradient_agrees_with_differences(options):
    def inner(q, k, v):
        return np.sum(np.sin(attention(q, k, v, **options)))

    def steepness(q, k, v):
        by_q, by_k, by_v = knetc.grad(inner, wrt=(0, 1, 2))(q, k, v)
        return np.sum(by_q * by_q) + np.sum(np.sin(by_k)) + np.sum(by_v * by_v * by_v)

    k, v = (Q + 1, Q * Q) if "causal" in options else (K, V)
    assert gradcheck(steepness, Q[0], k[0], v[0])


class Head:
    def __init__(self, scale):
        self.w = rng.normal(size=(5, 5))
        self.scale = scale


def test_a_scale_in_an_attribute_is_a_setting():
    def own(head, x):
        return np.sum(np.sin(attention(x @ head.w, x, x, scale=head.scale)))

    head = Head(0.7)
    gradient = knetc.grad(own)(head, Q)

    expected = knetc.grad(lambda w: np.sum(np.sin(attention(Q @ w, Q, Q, scale=0.7))))(head.w)
    np.testing.assert_array_equal(gradient.w, expected)


def test_the_generated_code_reads():
    gradient = knetc.grad(loss, wrt=("q", "v"))
    gradient(Q, K, V)

    assert "attention_out, attention_out_saved = attention_forward(q, k, v, mask=mask" in gradient.source
    assert "q_bar, _, v_bar = attention_backward(attention_out_saved, " in gradient.source


def test_a_learned_scale_is_refused_not_ignored():
    with knetc.config(record=False), pytest.raises(Refusal, match="`attention` with respect to `scale`"):
        knetc.grad(loss, wrt="scale")(Q, K, V, None, False, 0.5)
    with pytest.raises(Refusal, match="`attention` with respect to `scale`"):
        knetc.grad(loss, wrt="scale")(Q, K, V, None, False, 0.5)


# ---- devices


def test_a_mask_of_the_host_goes_to_the_device():
    q, k, v = (module.asarray(x) for x in (Q, K, V))
    y, saved = attention_forward(q, k, v, mask=MASK)

    assert isinstance(y, StrictArray)
    np.testing.assert_array_equal(y.get(), attention(Q, K, V, mask=MASK))
    assert all(isinstance(bar, StrictArray) for bar in attention_backward(saved, y))


# ---- wrong arguments


@pytest.mark.parametrize(
    ("q", "k", "v"),
    [
        ((4, 5), (6, 3), (6, 7)),
        ((4, 5), (6, 5), (5, 7)),
        ((2, 4, 5), (3, 6, 5), (6, 7)),
        ((5,), (6, 5), (6, 7)),
        ((4, 5), (6, 5), (6,)),
    ],
)
def test_shapes_must_fit(q, k, v):
    arrays = (np.ones(shape) for shape in (q, k, v))
    expected = "expected (..., Tq, D), (..., Tk, D) and (..., Tk, Dv)"
    message = f"KN231 attention: `q` has shape {q}, `k` {k} and `v` {v}; {expected}"
    with pytest.raises(ShapeError) as caught:
        attention(*arrays)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("shape", [(5, 6), (4, 5), (2, 4, 6), (1, 2, 3, 4, 6), (2,)])
def test_a_mask_broadcasts_to_queries_by_keys(shape):
    with pytest.raises(ShapeError) as caught:
        attention(Q, K, V, mask=np.ones(shape, bool))
    expected = "expected one that broadcasts to (2, 3, 4, 6), queries by keys"
    message = f"KN232 attention: `mask` has shape {shape}; {expected}"
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("mask", [np.ones((4, 6)), np.ones((4, 6), int), [[0.0] * 6]])
def test_a_mask_is_of_bools(mask):
    with pytest.raises(
        DtypeError, match=r"KN343 attention: `mask` has dtype \w+; expected bools, True where a query"
    ):
        attention(Q, K, V, mask=mask)


def test_causal_wants_one_length():
    with pytest.raises(
        ShapeError, match="KN233 attention: `causal` with 4 queries and 6 keys; expected as many of both"
    ):
        attention(Q, K, V, causal=True)


@pytest.mark.parametrize("scale", [np.inf, np.nan, "1", np.ones(3), 1j])
def test_the_scale_is_a_finite_number(scale):
    with pytest.raises(ArgumentError, match=r"KN344 attention: `scale` is .*; expected a finite number"):
        attention(Q, K, V, scale=scale)
