"""Scaled dot-product attention: each query takes a mean of the values, weighted by how well it matches their keys.

Vaswani et al., Attention is all you need, arXiv 1706.03762.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.registry import rule, split, traceable
from knetc.ops.softmax import softmax_along
from knetc.runtime.broadcast import unbroadcast

Array = Any


def attention(
    q: Array, k: Array, v: Array, *, mask: Array = None, causal: bool = False, scale: float | None = None
) -> Array:
    """`softmax(scale * q @ k.T) @ v` along the last two axes.

    Arguments:
        q: queries, shape (..., Tq, D).
        k: keys, shape (..., Tk, D).
        v: values, shape (..., Tk, Dv). The leading axes (batch, heads) of the three broadcast.
        mask: bools, of a shape that broadcasts to (..., Tq, Tk): True where a query may see a key.
        causal: whether query i sees only the keys 0 to i; then Tq is Tk. Together with a mask, what both allow.
        scale: a number, 1 / sqrt(D) if it is None. A learned one is multiplied with `q`, beside scale=1.

    Returns an array of shape (..., Tq, Dv). A query that may see no key at all gets zeros, and passes no gradient on
    (softmax alone would give NaN).

    Raises `ShapeError` for arrays that do not fit (KN231), for a mask that does not (KN232), and for a causal call with
    Tq other than Tk (KN233); `DtypeError` (KN343) for a mask that is not of bools, and `ArgumentError` (KN344) for a
    scale that is no finite number.

    >>> q, k = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[50.0, 0.0], [0.0, 50.0]])
    >>> attention(q, k, np.array([[1.0], [3.0]])).round(6)
    array([[1.],
           [3.]])
    >>> attention(q, k, np.array([[1.0], [3.0]]), causal=True, scale=0.0)
    array([[1.],
           [2.]])
    """
    return attention_forward(q, k, v, mask=mask, causal=causal, scale=scale)[0]


def attention_forward(
    q: Array, k: Array, v: Array, *, mask: Array = None, causal: bool = False, scale: float | None = None
) -> tuple[Array, Any]:
    """The result of `attention`, and what its derivative reads: the arguments and the weights of the keys.

    >>> attention_forward(np.ones((1, 2)), np.ones((2, 2)), np.eye(2))[0]
    array([[0.5, 0.5]])
    """
    seen = _seen(q, k, v, mask, causal)
    factor = _factor(q, scale)
    weights = attention_weights(q, k, seen, factor)
    return weights @ v, (q, k, v, seen, factor, weights)


def attention_backward(saved: Any, g: Array) -> tuple[Array, Array, Array]:
    """The cotangents of `q`, `k` and `v` in `attention(q, k, v, ...)`.

    >>> _, saved = attention_forward(np.ones((1, 2)), np.ones((2, 2)), np.eye(2))
    >>> attention_backward(saved, np.array([[1.0, 0.0]]))[2]
    array([[0.5, 0. ],
           [0.5, 0. ]])
    """
    q, k, v, seen, factor, known = saved
    weights = attention_weights(q, k, seen, factor, known)
    scores_bar = softmax_along(weights, g @ np.swapaxes(v, -1, -2))
    q_bar = factor * (scores_bar @ k)
    k_bar = np.swapaxes(scores_bar, -1, -2) @ (factor * q)
    v_bar = np.swapaxes(weights, -1, -2) @ g
    return unbroadcast(q_bar, q.shape), unbroadcast(k_bar, k.shape), unbroadcast(v_bar, v.shape)


@traceable
def attention_weights(q: Array, k: Array, seen: Array, factor: float, known: Array = None) -> Array:
    """How much each query takes of each value: softmax of the scores that are `seen`, zeros in rows without any.

    Where the result is `known` it is not computed anew, but it still depends on `q` and `k`: so the backward sweep of
    `attention` has a derivative in turn.

    >>> seen = np.array([[True, False, True], [False, False, False]])
    >>> attention_weights(np.zeros((2, 1)), np.zeros((3, 1)), seen, 1.0)
    array([[0.5, 0. , 0.5],
           [0. , 0. , 0. ]])
    """
    if known is not None:
        return np.copy(known)
    scores = (factor * q) @ np.swapaxes(k, -1, -2)
    if scores.shape[-1] == 0:
        return scores
    if seen is not None:
        scores = np.where(seen, scores, -math.inf)
    top = np.max(scores, axis=-1, keepdims=True)
    exp = scores - np.where(top == -math.inf, 0, top)
    np.exp(exp, out=exp)
    total = np.sum(exp, axis=-1, keepdims=True)
    exp /= np.where(total == 0, 1, total)
    return exp


def _seen(q: Array, k: Array, v: Array, mask: Array, causal: bool) -> Array | None:
    """All arguments checked; True where a query sees a key, None if every one sees all."""
    scores = _shape_of_scores(q, k, v)
    seen = None if mask is None else _checked_mask(array_module(q).asarray(mask), scores)
    if not causal:
        return seen
    if scores[-2] != scores[-1]:
        raise ShapeError(
            "KN233",
            f"attention: `causal` with {scores[-2]} queries and {scores[-1]} keys; expected as many of both",
            help="say which keys a query sees: mask=np.tri(queries, keys, keys - queries, dtype=bool) ends together",
        )
    past = array_module(q).tri(scores[-1], dtype=bool)
    return past if seen is None else seen & past


def _shape_of_scores(q: Array, k: Array, v: Array) -> tuple[int, ...]:
    """(..., Tq, Tk)."""
    shapes = tuple(np.shape(x) for x in (q, k, v))
    if min(map(len, shapes)) >= 2 and shapes[0][-1] == shapes[1][-1] and shapes[1][-2] == shapes[2][-2]:
        try:
            leading = np.broadcast_shapes(*(shape[:-2] for shape in shapes))
        except ValueError:
            pass
        else:
            return *leading, shapes[0][-2], shapes[1][-2]
    raise ShapeError(
        "KN231",
        f"attention: `q` has shape {shapes[0]}, `k` {shapes[1]} and `v` {shapes[2]}; expected (..., Tq, D), "
        "(..., Tk, D) and (..., Tk, Dv)",
        help="`q` and `k` have one size D, `k` and `v` one length Tk, and the axes in front broadcast",
    )


def _checked_mask(mask: Array, scores: tuple[int, ...]) -> Array:
    if mask.dtype.kind != "b":
        raise DtypeError(
            "KN343",
            f"attention: `mask` has dtype {mask.dtype}; expected bools, True where a query may see a key",
            help="pass mask.astype(bool), or mask == 0 for one that is added to the scores elsewhere",
        )
    if mask.ndim > len(scores) or any(
        n not in (1, m) for n, m in zip(mask.shape[::-1], scores[::-1], strict=False)
    ):
        raise ShapeError(
            "KN232",
            f"attention: `mask` has shape {mask.shape}; expected one that broadcasts to {scores}, queries by keys",
            help="a mask of keys, (batch, Tk), becomes one for all heads and queries by mask[:, None, None, :]",
        )
    return mask


def _factor(q: Array, scale: float | None) -> float:
    if scale is None:
        return 1 / math.sqrt(max(q.shape[-1], 1))
    if not isinstance(scale, (int, float, np.integer, np.floating)) or not math.isfinite(scale):
        raise ArgumentError(
            "KN344",
            f"attention: `scale` is {scale!r}; expected a finite number",
            help="leave it out for 1 / sqrt(D); multiply `q` with factors of its own",
        )
    return float(scale)


def _weights_q(
    g: Array, y: Array, q: Array, k: Array, seen: Array, factor: float, known: Array = None
) -> Array:
    return unbroadcast(factor * (softmax_along(y, g) @ k), q.shape)


def _weights_k(
    g: Array, y: Array, q: Array, k: Array, seen: Array, factor: float, known: Array = None
) -> Array:
    return unbroadcast(np.swapaxes(softmax_along(y, g), -1, -2) @ (factor * q), k.shape)


rule(attention_weights, q=_weights_q, k=_weights_k)
split(attention, attention_forward, attention_backward, wrt=("q", "k", "v"), twice=True, settings=("scale",))
