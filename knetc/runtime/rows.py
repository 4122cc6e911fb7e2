"""The cotangent of a matrix of which a program has read a few rows: those rows alone, until somebody wants the rest.

A vocabulary has a hundred thousand rows, and a batch reads a few hundred of them. `embed` sends back `Rows`; sums of
them stay `Rows`, a sum with an array is an array, and in all else `Rows` behave as the array that they stand for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.runtime.mirror import Mirror

Array = Any


class Rows(np.lib.mixins.NDArrayOperatorsMixin):
    """A matrix of the given shape that is zero but for `matrix[ids] += values`, where ids may repeat.

    `ids` is a vector of ints, `values` has a row for each; both are taken over, not copied. What is read or stored
    by index, or computed with, turns the whole into an array that is kept inside.

    >>> rows = Rows((4, 2), np.array([3, 1, 3]), np.ones((3, 2)))
    >>> (rows + rows).summed()
    (array([1, 3]), array([[2., 2.],
           [4., 4.]]))
    >>> rows + np.full((4, 2), 10.0)
    array([[10., 10.],
           [11., 11.],
           [10., 10.],
           [12., 12.]])
    """

    __slots__ = ("_pieces", "_whole", "dtype", "shape")
    ndim = 2

    def __init__(self, shape: tuple[int, ...], ids: Array, values: Array) -> None:
        self.shape = shape
        self.dtype = values.dtype
        self._pieces = [(ids, values)]
        self._whole: Array = None

    @property
    def size(self) -> int:
        """The number of elements of the matrix."""
        return math.prod(self.shape)

    @property
    def is_sparse(self) -> bool:
        """Whether nobody has asked for the whole yet."""
        return self._whole is None

    def summed(self) -> tuple[Array, Array]:
        """The rows that may be other than zero: their ids in order, each once, and their values."""
        if self._whole is not None:
            return np.arange(len(self)), self._whole
        ids, values = (np.concatenate(parts) for parts in zip(*self._pieces, strict=True))
        if (ids[1:] <= ids[:-1]).any():
            ids, values = _added_up(ids, values)
        self._pieces = [(ids, values)]
        return ids, values

    def dense(self) -> Array:
        """A new array with the same elements.

        >>> Rows((2, 1), np.array([1, 1]), np.ones((2, 1))).dense()
        array([[0.],
               [2.]])
        """
        if self._whole is not None:
            return self._whole.copy()
        return self.added_to(np.zeros(self.shape, self.dtype))

    def added_to(self, target: Array) -> Array:
        """Add to an array, in place; returns it."""
        ids, values = self.summed()
        target[ids] += values
        return target

    def extended(self, other: Rows, into: Rows | None = None) -> Rows:
        """The sum with other rows, new or `into` one of the two."""
        if into is None:
            into = Rows(self.shape, *self._pieces[0])
            into._pieces += self._pieces[1:]
        into._pieces += other._pieces
        return into

    def scaled(self, factor: Any) -> Rows:
        """All values times a number."""
        ids, values = self.summed()
        return Rows(self.shape, ids, values * factor)

    @property
    def whole(self) -> Array:
        """The array itself: what is stored into it is stored here."""
        if self._whole is None:
            self._whole = self.dense()
            self._pieces = []
        return self._whole

    # ---- as an array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """For functions of numpy."""
        return np.array(self.whole, dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Sums and multiples as rows, all else as arrays."""
        if method == "__call__" and ufunc is np.add and options.keys() <= {"out"}:
            return _sum(*inputs, *options.get("out", ()))
        if method == "__call__" and ufunc is np.multiply and not options:
            return _product(*inputs)
        if "out" in options:
            options["out"] = tuple(map(_plain, options["out"]))
        return getattr(ufunc, method)(*map(_plain, inputs), **options)

    def __getitem__(self, index: Any) -> Any:
        return self.whole[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        self.whole[index] = value

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.whole)

    def __getattr__(self, name: str) -> Any:
        """The attributes and methods of an array."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.whole, name)

    def __repr__(self) -> str:
        return f"Rows({self.whole!r})" if not self.is_sparse else f"Rows({self.shape}, {self._pieces!r})"


def no_rows(w: Array) -> Array:
    """A cotangent of `w` to which rows are going to be added: without any, if `w` is a matrix of numpy, else zeros.

    >>> no_rows(np.ones((2, 1))).dense()
    array([[0.],
           [0.]])
    """
    if type(w) is not np.ndarray or w.ndim != 2:
        return np.zeros_like(w)
    return Rows(w.shape, np.empty(0, np.intp), np.empty((0, w.shape[1]), w.dtype))


def dense(bar: Any) -> Any:
    """A cotangent of any structure with arrays in place of rows.

    >>> dense([None, no_rows(np.ones((1, 1)))])
    [None, array([[0.]])]
    """
    match bar:
        case Rows():
            return bar.dense()
        case list() | tuple():
            return type(bar)(map(dense, bar))
        case dict():
            return {key: dense(part) for key, part in bar.items()}
        case Mirror():
            return Mirror(**dense(bar.__dict__))
        case _:
            return bar


def _added_up(ids: Array, values: Array) -> tuple[Array, Array]:
    unique, places = np.unique(ids, return_inverse=True)
    width = values.shape[1]
    sums = np.zeros(len(unique) * width, values.dtype)
    # numpy adds single elements several times as fast as rows
    np.add.at(sums, (places[:, None] * width + np.arange(width)).ravel(), values.ravel())
    return unique, sums.reshape(len(unique), width)


def _plain(x: Any) -> Any:
    return x.whole if isinstance(x, Rows) else x


def _sum(a: Any, b: Any, out: Any = None) -> Any:
    """`a + b`, or `a += b` where `out` is `a`; one of the two is `Rows`."""
    sparse = [x for x in (a, b) if isinstance(x, Rows) and x.is_sparse]
    if np.shape(a) == np.shape(b) and (out is None or out is a):
        if len(sparse) == 2 and a.dtype == b.dtype:
            return a.extended(b, out)
        if len(sparse) == 1 and out is not sparse[0]:
            other = _plain(b if sparse[0] is a else a)
            return sparse[0].added_to(_target(other, sparse[0].dtype) if out is None else other)
    return np.add(_plain(a), _plain(b), out=_plain(out))


def _target(array: Any, dtype: Any) -> Array:
    """A copy that numbers of another type can be added to."""
    return np.array(array, np.result_type(array, dtype))


def _product(a: Any, b: Any) -> Any:
    rows, factor = (a, b) if isinstance(a, Rows) else (b, a)
    if rows.is_sparse and isinstance(factor, (int, float, np.number)):
        return rows.scaled(factor)
    return np.multiply(_plain(a), _plain(b))
