"""Sequences of different lengths as arrays: padded to one length, or packed time step by time step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from knetc.errors import ArgumentError, DtypeError, ShapeError

Array = Any


def pad(
    sequences: Iterable[Any],
    *,
    value: float = -1,
    length: int | None = None,
    time_major: bool = False,
    front: bool = False,
) -> Array:
    """Sequences of lengths T_i as one array of the shape (B, T), or (T, B) with `time_major`.

    T is `length`, or that of the longest; a longer sequence is cut to it. `value` fills the rest: -1 is what
    `nll` leaves out of account. Filled and cut is at the end, or with `front` at the beginning. The elements
    may be arrays of one shape, which follows as further axes.

    Raises `ArgumentError` (KN431) if there is nothing to pad, `length` is negative or `value` does not fit the
    dtype, `DtypeError` (KN431) for other things than numbers, and `ShapeError` (KN431) if the elements differ in
    shape.

    >>> pad([[1, 2, 3], [4]]).tolist()
    [[1, 2, 3], [4, -1, -1]]
    >>> pad([[1, 2, 3], [4]], length=2, value=0, front=True, time_major=True).tolist()
    [[2, 0], [3, 4]]
    """
    arrays = _arrays(sequences)
    length = max(map(len, arrays)) if length is None else length
    if length < 0:
        raise ArgumentError("KN431", f"`length` is {length}; expected at least 0", help="pad(x, length=150)")
    padded = np.full((len(arrays), length, *arrays[0].shape[1:]), _filling(value, _dtype(arrays)))
    for row, array in zip(padded, arrays, strict=True):
        kept = array[max(0, len(array) - length) :] if front else array[:length]
        row[length - len(kept) if front else 0 :][: len(kept)] = kept
    return np.ascontiguousarray(padded.swapaxes(0, 1)) if time_major else padded


def pack(sequences: Iterable[Any]) -> tuple[Array, Array, Array]:
    """Sequences of lengths T_i as `(packed, batch_sizes, back)`, the form that recurrent networks read.

    The sequences are ordered by falling length (equals stay in order). `packed` has all their first elements,
    then all their second ones, and so on, without any filling: the shape is (sum of T_i, ...). `batch_sizes[t]`
    is the number of sequences longer than t. `back[i]` is the place of sequence i in that order, so
    `h[:, back]` puts final states into the order of `sequences`. PyTorch's `pack_sequence` does the same.
    Raises `ArgumentError` (KN431) for no sequence or an empty one, `DtypeError` (KN431) for other things than
    numbers, `ShapeError` (KN431) for elements that differ in shape.

    >>> packed, batch_sizes, back = pack([[1], [2, 3, 4], [5, 6]])
    >>> packed.tolist(), batch_sizes.tolist(), back.tolist()
    ([2, 5, 1, 3, 6, 4], [3, 2, 1], [2, 0, 1])
    """
    arrays = _arrays(sequences)
    lengths = np.array([len(array) for array in arrays])
    if lengths.min() == 0:
        raise ArgumentError(
            "KN431", f"sequence {lengths.argmin()} is empty", help="leave empty sequences out before packing"
        )
    order = np.argsort(-lengths, kind="stable")
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    time = np.concatenate([np.arange(lengths[i]) for i in order])
    joined = np.concatenate([arrays[i] for i in order])
    by_time = np.argsort(time, kind="stable")
    return joined[by_time], np.bincount(time), back


def unpack(packed: Array, batch_sizes: Sequence[int], back: Sequence[int]) -> list[Array]:
    """The sequences that `pack` has packed, or what a network made of their elements, in their first order.

    Raises `ShapeError` (KN431) if the three do not belong together.

    >>> [s.tolist() for s in unpack(*pack([[1], [2, 3, 4], [5, 6]]))]
    [[1], [2, 3, 4], [5, 6]]
    """
    sizes = np.asarray(batch_sizes)
    if sizes.size == 0 or len(packed) != sizes.sum() or sizes[0] != len(back) or (np.diff(sizes) > 0).any():
        raise ShapeError(
            "KN431",
            f"`packed` has {len(packed)} rows, `batch_sizes` are {sizes.tolist()[:8]} "
            f"and `back` has {len(back)} places",
            help="pass what pack returned; batch sizes fall and add up to the rows",
        )
    place = np.concatenate([np.arange(size) for size in sizes])
    by_place = np.argsort(place, kind="stable")
    sequences = np.split(packed[by_place], np.cumsum(np.bincount(place))[:-1])
    return [sequences[i] for i in back]


def _arrays(sequences: Iterable[Any]) -> list[Array]:
    arrays = [np.asarray(sequence) for sequence in sequences]
    if not arrays:
        raise ArgumentError("KN431", "there are no sequences", help="pass at least one sequence")
    filled = [array for array in arrays if len(array.shape) > 0 and len(array)]
    inner = filled[0].shape[1:] if filled else ()
    for i, array in enumerate(arrays):
        if array.dtype.kind not in "biufc":
            raise DtypeError(
                "KN431",
                f"sequence {i} is made of {array.dtype}; expected numbers",
                help="words become numbers by Vocabulary.encode",
            )
        if array.ndim == 0 or (len(array) and array.shape[1:] != inner):
            raise ShapeError(
                "KN431",
                f"sequence {i} has the shape {array.shape}; expected (T, {', '.join(map(str, inner))})",
                help="the elements of all sequences have one shape: numbers, or vectors of one size",
            )
    return [array if len(array) else np.empty((0, *inner), _dtype(filled)) for array in arrays]


def _filling(value: float, dtype: Any) -> Array:
    """`value` in this dtype."""
    with np.errstate(invalid="ignore"):
        filling = np.asarray(value).astype(dtype)
    if dtype.kind in "biu" and filling != value:
        raise ArgumentError(
            "KN431", f"`value` is {value}, which {dtype} cannot hold", help="give the sequences another dtype"
        )
    return filling


def _dtype(arrays: list[Array]) -> Any:
    """The common dtype of sequences; without any element, that of ints."""
    return np.result_type(*arrays) if arrays else np.dtype(np.int64)
