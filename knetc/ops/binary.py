"""Losses of a decision between two classes, from one unnormalised score an instance."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.activation import sigm
from knetc.ops.registry import rule, traceable
from knetc.ops.targets import check_weights, nothing_left

Array = Any


@traceable
def bce(scores: Array, labels: Array, *, average: bool = True, weight: Array = None) -> Any:
    """The binary cross entropy, `-mean(y * log(p) + (1 - y) * log(1 - p))` for `p = sigm(scores)`, without overflow.

    Arguments:
        scores: floats of any shape, the unnormalised log odds of the class 1.
        labels: 0 or 1 for every score, ints, booleans or floats; floats in between are probabilities of the class 1.
            They are constants: nothing is differentiated by them.
        average: whether to return the mean over the instances, or the pair (total, number of instances).
        weight: a factor for every score, at least 0; 0 leaves it out. The mean is then the total over the sum of the
            weights, as for `nll` (PyTorch's is over the number of instances), and that sum is the second of the pair.

    Raises `ShapeError` (KN224) unless labels and weights have the shape of the scores, `ArgumentError` for labels out
    of range (KN333), negative weights (KN331) and an average over nothing (KN321), `DtypeError` (KN334) unless the
    scores are floats. On a device values are not waited for: a label out of range gives NaN there.

    >>> float(bce(np.array([0.0, 100.0, -100.0]), [1, 1, 1]).round(4))
    33.5644
    >>> total, count = bce(np.array([0.0, 0.0]), [0.3, 1], average=False)
    >>> float(total.round(4)), count
    (1.3863, 2)
    """
    return _loss("bce", scores, labels, 0, average, weight)


@traceable
def logistic(scores: Array, labels: Array, *, average: bool = True, weight: Array = None) -> Any:
    """The logistic loss, `mean(log(1 + exp(-y * scores)))`: that of `bce`, for labels that are -1 or 1.

    Arguments and errors as for `bce`; a label is -1 or 1, nothing in between.

    >>> float(logistic(np.array([0.0, 100.0, -100.0]), [-1, 1, 1]).round(4))
    33.5644
    """
    return _loss("logistic", scores, labels, -1, average, weight)


@traceable
def bcex(
    g: Any, scores: Array, labels: Array, low: int = 0, *, average: bool = True, weight: Array = None
) -> Array:
    """The cotangent of the scores in `bce` (in `logistic` for `low=-1`), given that of the result: `sigm(s) - y`.

    >>> bcex(1.0, np.zeros(2), [0, 1])
    array([ 0.25, -0.25])
    """
    y, factors = _lined_up("logistic" if low else "bce", scores, labels, low, weight)
    slope = (1 - y) * sigm(scores) - y * sigm(-scores)  # exact where one of the two is nearly 1
    return slope * _shares(g, scores, factors, average)


@traceable
def bcexx(
    h: Array,
    g: Any,
    scores: Array,
    labels: Array,
    low: int = 0,
    *,
    average: bool = True,
    weight: Array = None,
) -> Array:
    """The cotangent of the scores in `bcex`: the second derivative of the loss is `p * (1 - p)`.

    >>> bcexx(np.ones(2), 1.0, np.zeros(2), [0, 1])
    array([0.125, 0.125])
    """
    _, factors = _lined_up("logistic" if low else "bce", scores, labels, low, weight)
    return h * (sigm(scores) * sigm(-scores)) * _shares(g, scores, factors, average)


def _loss(op: str, scores: Array, labels: Array, low: int, average: bool, weight: Array) -> Any:
    y, factors = _lined_up(op, scores, labels, low, weight)
    losses = np.maximum(scores, 0) - y * scores + np.log1p(np.exp(-np.abs(scores)))
    total = np.sum(losses if factors is None else losses * factors)
    count = _count(scores, factors)
    if not average:
        return total, count
    if count == 0 and array_module(scores) is np:
        raise nothing_left(op)
    return total / count


def _count(scores: Array, factors: Array | None) -> Any:
    return int(np.size(scores)) if factors is None else np.sum(factors)


def _shares(g: Any, scores: Array, factors: Array | None, average: bool) -> Any:
    """What a unit of loss in each instance adds to the result."""
    if average:
        share = g / _count(scores, factors)
    else:
        share = 0 if g[0] is None else g[0]  # the count does not depend on the scores
    return share if factors is None else share * factors


def _bcex_g(
    h: Array, scores: Array, labels: Array, low: int = 0, *, average: bool = True, weight: Array = None
) -> Any:
    if average:
        return np.sum(h * bcex(1.0, scores, labels, low, weight=weight))
    return [np.sum(h * bcex([1.0, None], scores, labels, low, average=False, weight=weight)), None]


# ---- checks


def _lined_up(op: str, scores: Array, labels: Array, low: int, weight: Array) -> tuple[Array, Array | None]:
    """Labels from 0 to 1 and the weights, as floats of the dtype of the scores."""
    if getattr(scores, "dtype", None) is None or scores.dtype.kind != "f":
        kind = getattr(scores, "dtype", type(scores).__name__)
        raise DtypeError(
            "KN334",
            f"{op}: `scores` is of {kind}; expected an array of floats",
            help="pass the unnormalised scores of the model, not classes",
        )
    xp = array_module(scores)
    y = _checked(op, xp, xp.asarray(labels), low)
    _same_shape(op, "labels", y, scores)
    y = y.astype(scores.dtype)
    if low:
        y = (y + 1) / 2
    return y, None if weight is None else _weights(op, xp, weight, scores)


def _checked(op: str, xp: Any, labels: Array, low: int) -> Array:
    if labels.dtype.kind not in "biuf":
        raise DtypeError(
            "KN340",
            f"{op}: `labels` has dtype {labels.dtype}; expected {_expected(low)}",
            help="map the classes to these numbers",
        )
    inside = (labels == low) | (labels == 1) if low else (labels >= 0) & (labels <= 1)
    if xp is not np:
        return xp.where(inside, labels, np.nan)
    if not inside.all():
        wrong = labels[~inside].reshape(-1)[0]
        raise ArgumentError(
            "KN333",
            f"{op}: `labels` contains {wrong}; expected {_expected(low)}",
            help="pass 2 * labels - 1 to logistic" if low else "labels of -1 and 1 belong to logistic",
        )
    return labels


def _expected(low: int) -> str:
    return "-1 or 1" if low else "0 or 1, or a probability in between"


def _weights(op: str, xp: Any, weight: Array, scores: Array) -> Array:
    check_weights(op, weight)
    factors = xp.asarray(weight, dtype=scores.dtype)
    _same_shape(op, "weight", factors, scores)
    return factors


def _same_shape(op: str, name: str, value: Array, scores: Array) -> None:
    if value.shape != scores.shape:
        raise ShapeError(
            "KN224",
            f"{op}: `{name}` has shape {value.shape}; expected {scores.shape}, that of `scores`",
            help="pass scores[:, 0] if there is one column of them",
        )


rule(bce, scores=lambda g, y, scores, labels, **options: bcex(g, scores, labels, **options))
rule(logistic, scores=lambda g, y, scores, labels, **options: bcex(g, scores, labels, low=-1, **options))
rule(
    bcex,
    g=lambda h, z, g, scores, labels, low=0, **options: _bcex_g(h, scores, labels, low, **options),
    scores=lambda h, z, g, scores, labels, low=0, **options: bcexx(h, g, scores, labels, low, **options),
)
