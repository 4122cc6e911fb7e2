"""Class numbers as rows of zeros with a single one."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import ArgumentError, DtypeError

Array = Any


def onehot(labels: Array, classes: int | None = None, dtype: Any = np.float32) -> Array:
    """An array of the shape (*labels.shape, classes) with a 1 at each label and 0 elsewhere.

    `labels` are ints in 0 to `classes - 1`; `classes` is one more than the greatest of them if not given.
    Raises `DtypeError` (KN430) for labels that are no ints and `ArgumentError` (KN430) for those out of range.

    >>> onehot([0, 2]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise DtypeError("KN430", f"`labels` are {labels.dtype}; expected ints", help="labels.astype(int)")
    if classes is None:
        classes = int(labels.max()) + 1 if labels.size else 0
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        wrong = int(labels[(labels < 0) | (labels >= classes)][0])
        raise ArgumentError(
            "KN430",
            f"`labels` has {wrong}; expected 0 to {classes - 1}",
            help="pass classes=..., and leave masked labels out",
        )
    encoded = np.zeros((*labels.shape, classes), dtype)
    np.put_along_axis(encoded, labels[..., None], 1, axis=-1)
    return encoded
