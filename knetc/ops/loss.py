"""The negative log likelihood of a classification, its derivative, and the derivative of that."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError
from knetc.ops.measure import Data, over_data
from knetc.ops.registry import rule, traceable
from knetc.ops.softmax import softmax, softmax_along
from knetc.ops.targets import Targets, class_factors, number, restored, targets_of_loss

Array = Any


@traceable
def nll(
    scores: Any,
    labels: Array = None,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    weight: Array = None,
    smoothing: float = 0.0,
    data: Data | None = None,
) -> Any:
    """The negative log likelihood of the correct classes, `-mean(logsoftmax(scores)[label])`.

    Arguments:
        scores: unnormalised log probabilities, with the classes along `axis`; or a model, given with `data`.
        labels: ints from 0 to classes - 1, one an instance, in an array of any shape with that many elements.
        axis: the axis of the classes.
        average: whether to return the mean over the instances, or the pair (total, number of instances).
        ignore_index: instances with this label do not count.
        weight: a factor for every class, shape (classes,). An instance then counts as much as its class.
        smoothing: the part of the probability that every correct answer gives away to all classes, in equal shares,
            from 0 to 1 (Szegedy et al., Rethinking the inception architecture, 2016). With `weight`, the loss of each
            class counts as much as that class, and the average is over the weights of the correct ones, as in PyTorch.
        data: pairs (x, y); then the result is that of `nll(model(x), y)` over all of them together. A batch may have
            more items, such as (x, batch_sizes, y): the last are the labels, and `model` is called with the others.

    Raises `ShapeError` (KN214, KN215) where labels or weights do not fit the scores, `ArgumentError` for labels out
    of range (KN320), when no instance is left (KN321), for arguments of both kinds (KN322), an axis that does not
    exist (KN324) and a smoothing or weights out of range (KN331), `DtypeError` (KN340) for labels that are not ints.
    On a device the values of labels are not waited for: one out of range, and an average over no instance, give NaN.

    >>> scores = np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    >>> float(nll(scores, [0, 2]).round(4))
    0.4581
    >>> batches = [(np.array([[0.5, 0.5]]), [0]), (np.array([[0.25, 0.75]]), [0])]
    >>> round(nll(np.log, data=batches), 4)
    1.0397
    """
    options = {"axis": axis, "ignore_index": ignore_index, "weight": weight, "smoothing": smoothing}
    if callable(scores) or data is not None:
        return over_data("nll", nll, scores, labels, data, average, options)
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    shifted = kept.scores - np.max(kept.scores, axis=1, keepdims=True)
    norm = np.log(np.sum(np.exp(shifted), axis=1))
    losses, factors = norm - shifted[kept.correct], class_factors("nll", kept, weight)
    counted = losses if factors is None else losses * factors
    total = np.sum(counted)
    if _smoothed(smoothing):
        shares = _shares(kept, smoothing, weight)
        total = (1 - smoothing) * total + np.sum(np.sum((norm[:, None] - shifted) * shares, axis=1))
    if average:
        return total / number("nll", kept, factors)
    return total, len(kept.labels) if factors is None else factors.sum()


@traceable
def nllx(
    g: Any,
    scores: Array,
    labels: Array,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    weight: Array = None,
    smoothing: float = 0.0,
) -> Array:
    """The cotangent of the scores in `nll(scores, labels, ...)`, given that of the result: softmax minus one-hot.

    >>> nllx(1.0, np.zeros((1, 2)), [1])
    array([[ 0.5, -0.5]])
    """
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    bar = probabilities = softmax(kept.scores)
    if _smoothed(smoothing):
        bar = probabilities.copy()
    bar[kept.correct] = 0
    bar[kept.correct] = -np.sum(bar, axis=1)  # probability - 1, but exact where the probability is nearly 1
    factors = class_factors("nll", kept, weight)
    if factors is not None:
        bar *= factors[:, None]
    if _smoothed(smoothing):
        shares = _shares(kept, smoothing, weight)
        bar *= 1 - smoothing
        bar += probabilities * np.sum(shares, axis=1, keepdims=True) - shares
    return restored(bar * _per_instance(g, kept, average, factors), kept, axis)


@traceable
def nllxx(
    h: Array,
    g: Any,
    scores: Array,
    labels: Array,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    weight: Array = None,
    smoothing: float = 0.0,
) -> Array:
    """The cotangent of the scores in `nllx(g, scores, labels, ...)`: a product with the second derivative of `nll`.

    >>> nllxx(np.array([[1.0, 0.0]]), 1.0, np.zeros((1, 2)), [1])
    array([[ 0.25, -0.25]])
    """
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    rows = np.moveaxis(h, axis, -1).reshape(-1, kept.shape[-1])
    bar = softmax_along(softmax(kept.scores), rows if kept.used is None else rows[kept.used])
    factors = class_factors("nll", kept, weight)
    counted = 1 if factors is None else factors[:, None]
    if _smoothed(smoothing):
        counted = (1 - smoothing) * counted + np.sum(_shares(kept, smoothing, weight), axis=1, keepdims=True)
    return restored(bar * counted * _per_instance(g, kept, average, factors), kept, axis)


def _smoothed(smoothing: float) -> bool:
    """Whether the correct classes give probability away."""
    if 0 <= smoothing <= 1:
        return smoothing > 0
    raise ArgumentError(
        "KN331",
        f"nll: `smoothing` is {smoothing!r}; expected the part of the probability that goes to all classes, 0 to 1",
        help="pass smoothing=0.1, or leave it out",
    )


def _shares(kept: Targets, smoothing: float, weight: Array) -> Array:
    """What every class counts in each instance, in rows, or in one row where it is the same in all."""
    classes, dtype = kept.shape[-1], kept.scores.dtype
    xp = array_module(kept.scores)
    row = xp.ones(classes, dtype) if weight is None else xp.asarray(weight, dtype=dtype)
    shares = row[None] * (float(smoothing) / classes)
    return shares if kept.factors is None else shares * kept.factors[:, None]


def _per_instance(g: Any, kept: Targets, average: bool, factors: Array | None) -> Any:
    """What a unit of loss adds to the result."""
    if average:
        return g / number("nll", kept, factors)
    return 0 if g[0] is None else g[0]  # the count does not depend on the scores


def _nllx_g(h: Array, scores: Array, labels: Array, *, average: bool = True, **options: Any) -> Any:
    if average:
        return np.sum(h * nllx(1.0, scores, labels, **options))
    return [np.sum(h * nllx([1.0, None], scores, labels, average=False, **options)), None]


rule(nll, scores=lambda g, y, scores, labels, **options: nllx(g, scores, labels, **options))
rule(
    nllx,
    g=lambda h, z, g, scores, labels, **options: _nllx_g(h, scores, labels, **options),
    scores=lambda h, z, g, scores, labels, **options: nllxx(h, g, scores, labels, **options),
)
