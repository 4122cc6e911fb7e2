"""Scores and labels brought together: one row of scores an instance, and the column of its class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.backends import array_module
from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.softmax import check_axis

Array = Any


@dataclass(frozen=True)
class Targets:
    """The instances that count: those whose label is not masked, or all, with factors that make the others nothing."""

    scores: Array  # (instances, classes)
    labels: Array  # (instances,)
    used: Array | None  # the mask over all instances, or None if none is left out
    shape: tuple[int, ...]  # of all scores, classes last
    factors: Array | None = None  # how much each instance counts, or None if all count the same

    @property
    def correct(self) -> tuple[Array, Array]:
        """The index of the score of each instance's own class."""
        return array_module(self.scores).arange(len(self.labels)), self.labels


def targets(op: str, scores: Array, labels: Array, axis: int, ignore_index: int) -> Targets:
    """Check the arguments of a loss, line them up, and leave out the masked instances."""
    rows, flat, shape = _lined_up(op, array_module(scores), scores, labels, axis)
    used = flat != ignore_index
    if used.all():
        return Targets(rows, _in_range(op, flat, rows.shape[1]), None, shape)
    return Targets(rows[used], _in_range(op, flat[used], rows.shape[1]), used, shape)


def targets_of_loss(scores: Array, labels: Array, axis: int, ignore_index: int) -> Targets:
    """The targets of `nll`. On a device nothing waits for the labels: one out of range makes the loss NaN there."""
    xp = array_module(scores)
    if xp is np:
        return targets("nll", scores, labels, axis, ignore_index)
    rows, flat, shape = _lined_up("nll", xp, scores, labels, axis)
    used = flat != ignore_index
    good = (flat >= 0) & (flat < rows.shape[1]) & used
    factors = xp.where(good, 1.0, xp.where(used, math.nan, 0.0)).astype(rows.dtype)
    return Targets(xp.where(used[:, None], rows, 0), xp.where(good, flat, 0), None, shape, factors)


def restored(bar: Array, kept: Targets, axis: int) -> Array:
    """A cotangent of `kept.scores` as one of all scores, in their own shape; zeros for masked instances."""
    if kept.used is not None:
        full = np.zeros_like(bar, shape=(len(kept.used), kept.shape[-1]))
        full[kept.used] = bar
        bar = full
    return np.moveaxis(bar.reshape(kept.shape), -1, axis)


def class_factors(op: str, kept: Targets, weight: Array) -> Array | None:
    """The weight of every instance, or None where all count the same."""
    if weight is None:
        return kept.factors
    classes = kept.shape[-1]
    if np.shape(weight) != (classes,):
        raise ShapeError(
            "KN215",
            f"{op}: `weight` has shape {np.shape(weight)}; expected {(classes,)}, one factor for every class",
            help="leave it out, or pass an array with one number for every class",
        )
    xp = array_module(kept.scores)
    check_weights(op, weight)
    factors = xp.asarray(weight, dtype=kept.scores.dtype)[kept.labels]
    return factors if kept.factors is None else factors * kept.factors


def check_weights(op: str, weight: Array) -> None:
    """Complain about factors that are negative or not finite; on a device nobody waits for them."""
    if array_module(weight) is np:
        wrong = [w for w in np.ravel(weight) if not 0 <= w < math.inf]
        if wrong:
            raise ArgumentError(
                "KN331",
                f"{op}: `weight` contains {wrong[0]}; expected numbers from 0 on",
                help="leave it out for equal weights",
            )


def number(op: str, kept: Targets, factors: Array | None) -> Any:
    """How many instances count, or the sum of their weights; an error where there is nothing to average over."""
    count = len(kept.labels) if factors is None else factors.sum()
    if kept.factors is None and count == 0:
        raise nothing_left(op)
    return count


def nothing_left(op: str) -> ArgumentError:
    """The error for an average over no instances."""
    return ArgumentError(
        "KN321",
        f"{op}: all instances are masked, have the weight 0 or there are none, so that there is no average",
        help="leave out such batches, or pass average=False for the pair (total, count)",
    )


def _lined_up(
    op: str, xp: Any, scores: Array, labels: Array, axis: int
) -> tuple[Array, Array, tuple[int, ...]]:
    """Rows of scores, the label of each, and the shape of all scores with the classes last."""
    check_axis(op, scores, axis)
    moved = xp.moveaxis(xp.asarray(scores), axis, -1)
    rows = moved.reshape(math.prod(moved.shape[:-1]), moved.shape[-1])
    flat = _integers(op, xp.asarray(labels)).reshape(-1)
    if len(flat) != len(rows):
        raise ShapeError(
            "KN214",
            f"{op}: `labels` has {len(flat)} elements, but `scores` of shape {np.shape(scores)} with classes along "
            f"axis {axis} has {len(rows)} instances",
            help="pass one label an instance, or name the axis of the classes: axis=0",
        )
    return rows, flat, moved.shape


def _integers(op: str, labels: Array) -> Array:
    if labels.dtype.kind in "iu" or labels.size == 0:
        return labels.astype(np.intp)
    raise DtypeError(
        "KN340",
        f"{op}: `labels` has dtype {labels.dtype}; expected ints from 0 to classes - 1",
        help="pass labels.astype(int), or labels.argmax(-1) if they are one-hot",
    )


def _in_range(op: str, labels: Array, classes: int) -> Array:
    if labels.size:
        low, high = int(labels.min()), int(labels.max())
        if low < 0 or high >= classes:
            wrong = low if low < 0 else high
            raise ArgumentError(
                "KN320",
                f"{op}: `labels` contains {wrong}; expected 0 to {classes - 1} for {classes} classes",
                help="count classes from 0, and mark instances to skip with `ignore_index`",
            )
    return labels
