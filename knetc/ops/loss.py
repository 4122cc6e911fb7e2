"""Classification losses: negative log likelihood and accuracy, of scores or of a model over a data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.ops.registry import nondifferentiable, rule, traceable
from knetc.ops.softmax import softmax, softmax_along
from knetc.ops.targets import Targets, class_factors, nothing_left, number, restored, targets, targets_of_loss

Array = Any
Data = Iterable[Any]  # pairs (x, y)


@traceable
def nll(
    scores: Any,
    labels: Array = None,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    weight: Array = None,
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
        data: pairs (x, y); then the result is that of `nll(model(x), y)` over all of them together.

    Raises `ShapeError` (KN214, KN215) where labels or weights do not fit the scores, `ArgumentError` for labels out
    of range (KN320), when no instance is left (KN321), for arguments of both kinds (KN322) and for an axis that
    does not exist (KN324), `DtypeError` (KN340) for labels that are not ints. On a device the values of labels are
    not waited for: one out of range, and an average over no instance, give NaN there.

    >>> scores = np.log([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    >>> float(nll(scores, [0, 2]).round(4))
    0.4581
    >>> batches = [(np.array([[0.5, 0.5]]), [0]), (np.array([[0.25, 0.75]]), [0])]
    >>> round(nll(np.log, data=batches), 4)
    1.0397
    """
    options = {"axis": axis, "ignore_index": ignore_index, "weight": weight}
    if callable(scores) or data is not None:
        return _over_data("nll", nll, scores, labels, data, average, options)
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    shifted = kept.scores - np.max(kept.scores, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(shifted), axis=1)) - shifted[kept.correct]
    factors = class_factors("nll", kept, weight)
    total = np.sum(losses if factors is None else losses * factors)
    if average:
        return total / number("nll", kept, factors)
    return total, len(kept.labels) if factors is None else factors.sum()


@traceable
def accuracy(
    scores: Any,
    labels: Array = None,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    data: Data | None = None,
) -> Any:
    """The part of the instances whose highest score is that of the correct class; of equal scores the first counts.

    Arguments and errors as for `nll`; `average=False` returns the pair (number correct, number of instances).

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1])
    0.5
    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1], average=False)
    (1, 2)
    """
    if callable(scores) or data is not None:
        options = {"axis": axis, "ignore_index": ignore_index}
        return _over_data("accuracy", accuracy, scores, labels, data, average, options)
    kept = targets("accuracy", scores, labels, axis, ignore_index)
    correct = int(np.sum(np.argmax(kept.scores, axis=1) == kept.labels))
    return correct / number("accuracy", kept, None) if average else (correct, len(kept.labels))


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
) -> Array:
    """The cotangent of the scores in `nll(scores, labels, ...)`, given that of the result: softmax minus one-hot.

    >>> nllx(1.0, np.zeros((1, 2)), [1])
    array([[ 0.5, -0.5]])
    """
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    bar = softmax(kept.scores)
    bar[kept.correct] = 0
    bar[kept.correct] = -np.sum(bar, axis=1)  # probability - 1, but exact where the probability is nearly 1
    return restored(bar * _per_instance(g, kept, average, weight), kept, axis)


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
) -> Array:
    """The cotangent of the scores in `nllx(g, scores, labels, ...)`: a product with the second derivative of `nll`.

    >>> nllxx(np.array([[1.0, 0.0]]), 1.0, np.zeros((1, 2)), [1])
    array([[ 0.25, -0.25]])
    """
    kept = targets_of_loss(scores, labels, axis, ignore_index)
    rows = np.moveaxis(h, axis, -1).reshape(-1, kept.shape[-1])
    bar = softmax_along(softmax(kept.scores), rows if kept.used is None else rows[kept.used])
    return restored(bar * _per_instance(g, kept, average, weight), kept, axis)


def _per_instance(g: Any, kept: Targets, average: bool, weight: Array) -> Any:
    """What a unit of loss in each instance adds to the total: a number, or a column of them."""
    factors = class_factors("nll", kept, weight)
    if average:
        share = g / number("nll", kept, factors)
    else:
        share = 0 if g[0] is None else g[0]  # the count does not depend on the scores
    return share if factors is None else share * factors[:, None]


def _nllx_g(h: Array, scores: Array, labels: Array, *, average: bool = True, **options: Any) -> Any:
    if average:
        return np.sum(h * nllx(1.0, scores, labels, **options))
    return [np.sum(h * nllx([1.0, None], scores, labels, average=False, **options)), None]


def _over_data(
    op: str,
    measure: Callable[..., Any],
    model: Any,
    labels: Any,
    data: Data | None,
    average: bool,
    options: dict[str, Any],
) -> Any:
    """The measure of a model over all batches together."""
    if not callable(model) or data is None or labels is not None:
        given = ("labels" if labels is not None else "no labels", "data" if data is not None else "no data")
        raise ArgumentError(
            "KN322",
            f"{op}: the first argument is {'a' if callable(model) else 'no'} model, with {given[0]} and {given[1]}; "
            f"expected {op}(scores, labels) or {op}(model, data=batches)",
            help=f"call {op}(model(x), y) for one batch, {op}(model, data=batches) for all",
        )
    total: float = 0
    count: float = 0
    for x, y in data:
        part, size = measure(model(x), y, average=False, **options)
        total += part if isinstance(part, int) else float(part)
        count += size if isinstance(size, int) else float(size)
    if not average:
        return total, count
    if count == 0:
        raise nothing_left(op)
    return total / count


rule(nll, scores=lambda g, y, scores, labels, **options: nllx(g, scores, labels, **options))
rule(
    nllx,
    g=lambda h, z, g, scores, labels, **options: _nllx_g(h, scores, labels, **options),
    scores=lambda h, z, g, scores, labels, **options: nllxx(h, g, scores, labels, **options),
)
nondifferentiable(accuracy)
