"""`buckets` batches sequences of similar length, so that little is filled up or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError, ShapeError
from knetc.runtime.ragged import pack, pad
from knetc.train.epochs import Epochs, checked_batchsize, order

Array = Any


class Buckets(Epochs):
    """Batches of sequences of similar length. Made by `buckets`."""

    def __init__(
        self,
        sequences: list[Array],
        labels: list[Array] | Array | None,
        batchsize: int,
        *,
        packed: bool,
        value: float,
        shuffle: bool,
        partial: bool,
        seed: int | None,
    ) -> None:
        super().__init__(len(sequences), batchsize, shuffle, partial, seed)
        self.sequences = sequences
        self.labels = labels
        self.packed = packed
        self.value = value
        self.lengths = np.array([len(sequence) for sequence in sequences])

    def drawn(self, rng: np.random.Generator) -> list[Any]:
        """The indices of each batch, longest sequence first. What is left out is left out before sorting."""
        instances = order(self.instances, self.shuffle, rng)[: len(self) * self.batchsize]
        by_length = instances[np.argsort(-self.lengths[instances], kind="stable")]
        batches = [by_length[i : i + self.batchsize] for i in range(0, len(by_length), self.batchsize)]
        return [batches[i] for i in order(len(batches), self.shuffle, rng)]

    def batch(self, chosen: Any) -> Any:
        """`(x, y)`, or `(x, batch_sizes, y)` if packed; without `y` where there are no labels."""
        x = self._joined([self.sequences[i] for i in chosen], self.value)
        if self.labels is None:
            return x if self.packed else x[0]
        if isinstance(self.labels, list):
            return *x, self._joined([self.labels[i] for i in chosen], -1)[0]
        return *x, self.labels[chosen]

    def _joined(self, sequences: list[Array], value: float) -> tuple[Array, ...]:
        if self.packed:
            return pack(sequences)[:2]
        return (pad(sequences, value=value, time_major=True),)


def buckets(
    sequences: Iterable[Any],
    labels: Any = None,
    batchsize: int | None = None,
    *,
    packed: bool = False,
    value: float = 0,
    shuffle: bool = False,
    partial: bool = False,
    seed: int | None = None,
) -> Buckets:
    """Batches of sequences of different lengths, those of similar length together.

    `labels` are one number for each sequence, or a sequence as long as it for each (tags of words). A batch
    is `(x, y)`: `x` of the shape (T, B, ...) is filled up to its longest sequence by `value`, and `y` has the
    shape (B,), or for tags (T, B), filled up by -1, which `nll` leaves out. With `packed` a batch is `(x,
    batch_sizes, y)`, as `pack` makes them, and nothing is filled up. Sequences stand in the order of falling
    length. Without `labels` there is no `y`: `buckets(sequences, 32)`.

    The batches come from the longest to the shortest, or with `shuffle` in another order in every epoch, in
    which sequences of equal length are mixed; `seed` determines it. Sequences that fill no batch are left out
    (at random with `shuffle`) unless `partial`.

    Raises `ArgumentError` (KN402) for an impossible batch size, (KN438) for no sequences or an empty one, (KN431)
    for elements of different shapes or a `value` that does not fit them, and `ShapeError` (KN403) for labels that
    do not fit the sequences.

    >>> for x, y in buckets([[1], [2, 3, 4], [5, 6], [7]], [0, 1, 0, 1], 2):
    ...     print(x.tolist(), y.tolist())
    [[2, 5], [3, 6], [4, 0]] [1, 0]
    [[1, 7]] [0, 1]
    """
    if batchsize is None and labels is not None and np.ndim(labels) == 0:
        labels, batchsize = None, labels
    arrays = [np.asarray(sequence) for sequence in sequences]
    _check_sequences(arrays)
    pad(arrays, value=value, length=0)  # elements of different shapes are told now, and not in a later batch
    labels = _labels(labels, arrays)
    size = checked_batchsize(batchsize, len(arrays), partial)
    return Buckets(
        arrays, labels, size, packed=packed, value=value, shuffle=shuffle, partial=partial, seed=seed
    )


def _check_sequences(arrays: list[Array]) -> None:
    if not arrays:
        raise ArgumentError("KN438", "there are no sequences", help="buckets(sequences, labels, 32)")
    for i, array in enumerate(arrays):
        if array.ndim == 0 or len(array) == 0:
            raise ArgumentError(
                "KN438",
                f"sequence {i} is {'a number' if array.ndim == 0 else 'empty'}",
                help="leave it out, and its label",
            )


def _labels(labels: Any, sequences: list[Array]) -> list[Array] | Array | None:
    """Numbers as one array, sequences as a list of arrays."""
    if labels is None:
        return None
    labels = list(labels)
    if len(labels) != len(sequences):
        raise ShapeError(
            "KN403",
            f"there are {len(sequences)} sequences and {len(labels)} labels",
            help="give one label, or one sequence of labels, for each",
        )
    if all(np.ndim(label) == 0 for label in labels):
        return np.asarray(labels)
    tags = [np.asarray(label) for label in labels]
    for i, (tag, sequence) in enumerate(zip(tags, sequences, strict=True)):
        if tag.ndim == 0 or len(tag) != len(sequence):
            raise ShapeError(
                "KN403",
                f"sequence {i} has {len(sequence)} elements and labels of the shape {tag.shape}",
                help="give each element a label, or each sequence",
            )
    return tags
