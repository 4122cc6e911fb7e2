"""How often a classifier is right, or wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.ops.measure import Data, over_data
from knetc.ops.registry import nondifferentiable, traceable
from knetc.ops.targets import number, targets

Array = Any


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
        return over_data("accuracy", accuracy, scores, labels, data, average, options)
    kept = targets("accuracy", scores, labels, axis, ignore_index)
    correct = int(np.sum(np.argmax(kept.scores, axis=1) == kept.labels))
    return correct / number("accuracy", kept, None) if average else (correct, len(kept.labels))


@traceable
def zeroone(
    scores: Any,
    labels: Array = None,
    *,
    axis: int = -1,
    average: bool = True,
    ignore_index: int = -1,
    data: Data | None = None,
) -> Any:
    """The zero-one loss: the part of the instances whose highest score is not that of the correct class.

    Arguments and errors as for `accuracy`, of which it is the rest to 1; `average=False` returns the pair (number
    wrong, number of instances).

    >>> zeroone(np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.5, 0.5]]), [1, 1, 1, 0])
    0.25
    """
    if callable(scores) or data is not None:
        options = {"axis": axis, "ignore_index": ignore_index}
        return over_data("zeroone", zeroone, scores, labels, data, average, options)
    kept = targets("zeroone", scores, labels, axis, ignore_index)
    wrong = int(np.sum(np.argmax(kept.scores, axis=1) != kept.labels))
    return wrong / number("zeroone", kept, None) if average else (wrong, len(kept.labels))


nondifferentiable(accuracy, zeroone)
