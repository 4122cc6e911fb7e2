"""Calls of every differentiable op: all ranks, axes, options and broadcast pairs that its rule distinguishes.

Why this long: it is a table.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc import ops
from knetc.ops.arithmetic import exponent_slope, power_slope
from knetc.ops.assemble import cast_back, if_floating, undiff, unnest, unsplit, unstack
from knetc.ops.bias import add_bias, channel_sums
from knetc.ops.binary import bcex
from knetc.ops.conv import conv4w, conv4x
from knetc.ops.erf import erf, erfc, normal_cdf, normal_pdf
from knetc.ops.index import undiagonal, untake, untake_along_axis, untrace
from knetc.ops.loss import nllx
from knetc.ops.pool import pool_along, poolx
from knetc.ops.product import matmul_x1, matmul_x2
from knetc.ops.reduce import share_among_ties
from knetc.ops.shape import cut, fold_broadcast, fold_repeats, fold_tiles
from knetc.ops.softmax import logsoftmax_bar, softmax_along
from knetc.ops.unpool import fold_windows
from knetc.ops.zeropad import crop
from tests.ops import corpus_norm
from tests.ops.checker import Case, case
from tests.ops.corpus_attention import attentions, rotations
from tests.ops.corpus_embed import embeddings
from tests.ops.corpus_heads import heads
from tests.ops.corpus_recurrence import recurrences

rng = np.random.default_rng(0)
PAIRS = [
    ((3,), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (3,)), ((2,), ()), ((), ()), ((2, 3), (2, 3)), ((1,), (3,)),
    ((2, 1, 1), (3, 1)), (None, (3,)), ((2, 3), None), (None, None),
]  # fmt: skip
AXES = [None, 0, 1, -1, (0,), (0, 2), (-1, 0), (0, 1, 2), ()]


def some(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    return rng.uniform(low, high, shape)


def one(shape: tuple[int, ...] | None, low: float, high: float) -> Any:
    """An array of that shape, or a Python float for None."""
    return float(rng.uniform(low, high)) if shape is None else some(*shape, low=low, high=high)


def apart(*shape: int) -> Any:
    """An array whose elements differ by more than any step of the differences, in random order."""
    n = math.prod(shape)
    return (rng.permutation(n) * 0.1 - 0.05 * n + 0.03).reshape(shape)


def unary(function: Any, low: float = -2.0, high: float = 2.0) -> Iterator[Case]:
    for shape in [(2, 3), (), (0,), (1, 2, 2), None]:
        yield case(function, one(shape, low, high))


def binary(function: Any, low: float = -2.0, high: float = 2.0) -> Iterator[Case]:
    for left, right in PAIRS:
        yield case(function, one(left, low, high), one(right, low, high))


def on_numbers(function: Any, *args: float) -> Iterator[Case]:
    yield case(function, *args)


def arithmetic() -> Iterator[Case]:
    for f in (np.add, operator.add, np.subtract, operator.sub, np.multiply, operator.mul):
        yield from binary(f)
    for f in (np.divide, operator.truediv, np.remainder, operator.mod, np.fmod):
        yield from binary(f, 0.6, 1.7)
    for f in (np.power, operator.pow, np.float_power, pow):
        yield from binary(f, 0.5, 2.0)
    for p in (0, 1, 2, 3, -1, 0.5, 2.5, np.array([0, 1, 2]), np.array([2.0, 0.5, -1.5])):
        yield case(np.power, some(2, 3, low=0.5), p)
    for p in (2, 3, -1):
        yield case(np.power, some(2, 3, low=-2, high=-0.5), p)
    yield case(np.power, 2.5, some(3))
    for f in (np.real, np.imag, np.conjugate, np.angle):
        yield case(f, some(2, 3))
    for f in (np.negative, operator.neg, np.positive, operator.pos, np.square):
        yield from unary(f)
    for f in (np.absolute, np.fabs, operator.abs, abs):
        yield from unary(f, 0.5)
        yield from unary(f, -2, -0.5)
    for f in (np.sqrt, np.cbrt, np.reciprocal):
        yield from unary(f, 0.5)
    yield from on_numbers(math.sqrt, 2.5)
    yield from on_numbers(math.cbrt, 2.5)
    yield from on_numbers(math.fabs, -2.5)
    yield from on_numbers(math.fmod, 7.5, 2.2)
    yield from on_numbers(math.pow, 1.5, 2.2)


def elementwise() -> Iterator[Case]:
    for f in (np.exp, np.exp2, np.expm1, np.sin, np.cos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.deg2rad,
              np.radians, np.rad2deg, np.degrees, np.nan_to_num, np.sinc):  # fmt: skip
        yield from unary(f)
    for f in (np.log, np.log2, np.log10, np.log1p):
        yield from unary(f, 0.5, 2)
    for f in (np.tan, np.arcsin, np.arccos, np.arctanh):
        yield from unary(f, -0.8, 0.8)
    yield from unary(np.arccosh, 1.5, 3)
    for f in (np.arctan2, np.hypot, np.logaddexp, np.logaddexp2):
        yield from binary(f, 0.5, 2)
        yield from binary(f)
    for left, right in PAIRS:
        yield case(np.copysign, one(left, 0.5, 2), one(right, -2, -1))
        yield case(np.heaviside, one(left, 0.5, 2), one(right, -2, -1))
    yield case(np.heaviside, np.zeros(3), some(2, 3), constant=(0,))
    yield case(np.ldexp, some(3), np.array([[1], [-2]]))
    for f in (np.maximum, np.minimum, np.fmax, np.fmin):
        for left, right in PAIRS:
            yield case(f, one(left, -2, 2), one(right, -2, 2))
    yield case(np.where, np.array([True, False, True]), some(2, 3), some(3))
    yield case(np.where, np.array([[2], [0]]), 1.5, some(3))
    yield case(np.where, [True, False], some(2), some(2))
    yield case(np.where, True, some(2), some(2))
    for low, high in (
        (-1.0, 1.0),
        (None, 0.5),
        (-0.5, None),
        (some(3, low=-1.5, high=-1), some(2, 1, low=1, high=1.5)),
    ):
        yield case(np.clip, some(2, 3), low, high)
        yield case(np.ndarray.clip, some(2, 3), low, high)
    yield case(np.clip, some(2, 3), None, a_max=0.5)
    yield case(np.ndarray.clip, some(2, 3), min=-0.5)
    yield case(np.sinc, np.array([0.0, 0.05, 0.0999, 0.1001, 1e-7]))
    for f in (math.exp, math.exp2, math.expm1, math.sin, math.cos, math.tan, math.atan, math.sinh, math.cosh, math.tanh,
              math.asinh, math.radians, math.degrees, math.erf, math.erfc, math.log, math.log2, math.log10, math.log1p,
              math.asin, math.acos, math.atanh):  # fmt: skip
        yield from on_numbers(f, 0.7)
    yield from on_numbers(math.acosh, 1.7)
    yield from on_numbers(math.log, 0.7, 2.5)
    yield from on_numbers(math.atan2, 0.7, 2.5)
    yield from on_numbers(math.hypot, 0.7, 2.5)
    yield from on_numbers(math.copysign, 0.7, -2.5)
    yield from on_numbers(math.ldexp, 0.7, 3)


def reductions() -> Iterator[Case]:
    for f in (np.sum, np.mean, np.prod, np.var, np.std, np.max, np.min, np.ptp, np.amax, np.amin):
        for axis in AXES if f is not np.ptp else AXES[:-1]:
            for keepdims in (False, True):
                if axis == () and f in (np.var, np.std):
                    continue  # the variance of one element has no derivative
                yield case(f, apart(2, 3, 2), axis=axis, keepdims=keepdims)
        yield case(f, apart(4))
        yield case(f, apart(4), 0)
    for axis in (None, 0, (0, 2)):
        yield case(np.prod, np.array([[[0.0, 2.0], [3.0, 0.5]], [[0.0, 0.0], [1.5, 2.0]]]), axis=axis)
        yield case(np.var, some(2, 3, 2), axis=axis, ddof=1)
        yield case(np.std, some(2, 3, 2), axis=axis, ddof=1)
    for axis in (None, 0, 1, -1):
        yield case(np.cumsum, some(2, 3), axis)
    for f in (max, min):
        yield case(f, 1.5, -2.5)
        yield case(f, 1.5, 2, -2.5)
        yield case(f, [1.5, -2.5, 0.5])
        yield case(f, (1.5, -2.5))
    yield case(sum, [1.5, -2.5, 0.5])
    yield case(sum, (1.5, some(3)), 2.5)
    yield case(sum, some(3, 2))
    yield case(np.sum, some(0, 3))
    yield case(np.sum, some(0, 3), axis=0)
    yield case(np.prod, some(2, 0), axis=1)
    yield case(np.sum, some())
    yield case(np.max, some())


def shapes() -> Iterator[Case]:
    x = some(2, 3, 4)
    for shape in ((6, 4), -1, (4, 3, 2), (2, -1)):
        yield case(np.reshape, x, shape)
    yield case(np.reshape, x, (6, 4), order="F")
    yield case(np.ndarray.reshape, x, 6, 4)
    yield case(np.ndarray.reshape, x, (6, 4))
    yield case(np.ndarray.reshape, some(0, 3), 3, 0)
    yield case(np.ravel, x)
    yield case(np.ravel, x, "F")
    yield case(np.ndarray.flatten, x)
    for f in (np.transpose, np.permute_dims):
        for axes in (None, (1, 2, 0), (-1, 0, 1)):
            yield case(f, x, axes)
    yield case(np.ndarray.transpose, x)
    yield case(np.ndarray.transpose, x, 2, 0, 1)
    yield case(np.ndarray.transpose, x, (2, 0, 1))
    yield case(np.ndarray.transpose, x, None)
    yield case(np.swapaxes, x, 0, -1)
    yield case(np.moveaxis, x, 0, -1)
    yield case(np.moveaxis, x, (0, 1), (2, 0))
    for axis in (0, -1, (0, 2)):
        yield case(np.expand_dims, x, axis)
    yield case(np.expand_dims, 1.5, 0)
    yield case(np.squeeze, some(1, 3, 1))
    yield case(np.squeeze, some(1, 3, 1), 0)
    for a, shape in (
        (some(3), (2, 3)),
        (some(2, 1), (4, 2, 3)),
        (some(), (2,)),
        (1.5, (2, 2)),
        (some(2), (2,)),
    ):
        yield case(np.broadcast_to, a, shape)
    for axis in (None, 0, (0, 1)):
        yield case(np.flip, x, axis)
    yield case(np.fliplr, x)
    yield case(np.flipud, x)
    yield case(np.rot90, some(2, 3))
    yield case(np.rot90, x, 3, (1, 2))
    for shift, axis in ((1, None), (-2, 1), ((1, 2), (0, 1))):
        yield case(np.roll, x, shift, axis)
    for width in (1, (1, 2), [(0, 1), (2, 0), (1, 1)]):
        yield case(np.pad, x, width)
    yield case(np.pad, x, 1, "constant", constant_values=3.0)
    for reps in (2, (2, 1), (2, 1, 3, 2)):
        yield case(np.tile, x, reps)
    for repeats, axis in ((2, None), (3, 1), ([1, 0, 2], 1), ([2, 1], 0)):
        yield case(np.repeat, x, repeats, axis)


def assembly() -> Iterator[Case]:
    a, b, c = some(2, 3), some(2, 1), some(2, 3)
    for f in (np.concatenate, np.concat):
        yield case(f, [a, c])
        yield case(f, (a, b, c), 1)
        yield case(f, [a, b], None)
        yield case(f, some(2, 3, 2), 1)
    yield case(np.stack, [a, c])
    yield case(np.stack, (a, c), -1)
    yield case(np.stack, some(2, 3))
    for f in (np.hstack, np.vstack, np.column_stack, np.dstack):
        yield case(f, [a, c])
        yield case(f, [some(3), some(3)])
    yield case(np.hstack, [some(2), some()])
    yield case(np.vstack, [a, some(3)])
    yield case(np.column_stack, [b, some(2)])
    yield case(np.split, some(4, 2), 2)
    yield case(np.split, some(2, 5), [1, 4], 1)
    yield case(np.array_split, some(5, 2), 3)
    for n, axis in ((1, -1), (2, 0), (3, 1)):
        yield case(np.diff, some(4, 5), n, axis)
    for f in (np.array, np.asarray, np.asanyarray):
        yield case(f, [1.5, 2.5])
        yield case(f, [[some(), 2.5], (3.0, some())])
        yield case(f, [some(3), some(3)])
        yield case(f, some(2, 3))
        yield case(f, 2.5)
    for f in (np.ascontiguousarray, np.asfortranarray, np.copy):
        yield case(f, some(2, 3))
    yield case(np.ndarray.astype, some(3), np.float64)
    yield case(np.astype, some(3), float)
    for f in (float, np.float64):
        yield case(f, 2.5)
        yield case(f, some())
    yield case(np.ndarray.item, some(1, 1))
    for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d):
        for x in (1.5, some(), some(2), some(2, 3)):
            yield case(f, x)
    yield case(np.full, (2, 3), 1.5)
    yield case(np.full, (2, 3), some(3))
    yield case(np.full_like, np.zeros((2, 3)), some(2, 1))


def products() -> Iterator[Case]:
    shapes = [
        ((2, 3), (3, 4)), ((2, 3), (3,)), ((3,), (3, 4)), ((3,), (3,)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4)), ((2, 1, 2, 3), (3, 3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4)),
        ((0, 3), (3, 4)), ((2, 0), (0, 4)),
    ]  # fmt: skip
    for left, right in shapes:
        yield case(np.matmul, some(*left), some(*right))
        yield case(np.dot, some(*left), some(*right))
    yield case(operator.matmul, some(2, 3), some(3, 2))
    yield case(np.linalg.matmul, some(2, 3), some(3, 2))
    for left, right in (
        ((), (2, 3)),
        ((2, 3), ()),
        ((), ()),
        ((3,), (3,)),
        ((2, 3), (4, 3)),
        ((2, 3), (5, 4, 3)),
        ((3,), (4, 3)),
    ):
        yield case(np.inner, some(*left), some(*right))
    yield case(np.dot, 1.5, some(2, 3))
    yield case(np.dot, some(2, 3), 1.5)
    yield case(np.vdot, some(2, 3), some(2, 3))
    yield case(np.outer, some(3), some(4))
    yield case(np.outer, some(2, 2), some(1, 3))
    for left, right, axes in (
        ((2, 3, 4), (3, 4, 5), 2), ((2, 3), (4, 5), 0), ((2, 3, 4), (4, 3, 5), ([1, 2], [1, 0])),
        ((2, 3, 4), (5, 3), (1, -1)), ((2, 3, 4), (4, 2, 3), ([2, 0, 1], [0, 1, 2])),
    ):  # fmt: skip
        yield case(np.tensordot, some(*left), some(*right), axes)


def selections() -> Iterator[Case]:
    x = some(3, 4, 2)
    for indices, axis in (
        ([0, 2, 2], 0),
        (np.array([[1, 0], [1, 1]]), 1),
        (2, -2),
        ([0, 23, 0], None),
        (5, None),
    ):
        yield case(np.take, x, indices, axis)
    yield case(np.take_along_axis, x, np.arange(12).reshape(3, 4, 1) % 2, axis=2)
    yield case(np.take_along_axis, x, np.array([0, 2, 2]).reshape(3, 1, 1), axis=0)
    yield case(np.take_along_axis, some(1, 3), np.array([[0, 2], [1, 1]]), axis=1)
    for axis in (-1, 0, None):
        yield case(np.sort, apart(3, 4), axis)
    for k in (0, 1, -1):
        yield case(np.diag, some(3), k)
        yield case(np.diag, some(3, 4), k)
        yield case(np.diagonal, some(3, 4), k)
        yield case(np.diagonal, some(3, 2, 4), k, 2, 0)
        yield case(np.trace, some(3, 4), k)
        yield case(np.trace, some(4, 3), k)
        yield case(np.trace, some(3, 2, 4), k, 2, 0)
        for f in (np.tril, np.triu):
            yield case(f, some(3, 4), k)
            yield case(f, some(2, 3, 3), k)


def einsums() -> Iterator[Case]:
    for subscripts, *shapes in (
        ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("i,i", (3,), (3,)), ("i,j->ij", (2,), (3,)),
        ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)), ("ij->ji", (2, 3)), ("ji", (2, 3)), ("ij->", (2, 3)), ("ij->j", (2, 3)),
        ("ii->", (3, 3)), ("ii->i", (3, 3)), ("ii", (3, 3)), ("iij->j", (3, 3, 2)), ("i,ij,j", (2,), (2, 3), (3,)),
        ("ij,jk,kl->il", (2, 3), (3, 2), (2, 2)), ("ij,kj->ik", (2, 3), (4, 3)), ("ij,ij->ij", (1, 3), (2, 3)),
        ("...ij,...jk->...ik", (2, 2, 3), (3, 2)), ("...ij,...jk->...ik", (1, 2, 3), (2, 3, 2)),
        ("...,...", (3,), (2, 3)),
        ("i...->...", (3, 2)), ("i j, j -> i", (2, 3), (3,)), ("ij,k->i", (2, 3), (4,)), (",i->i", (), (3,)),
    ):  # fmt: skip
        yield case(np.einsum, subscripts, *(some(*shape) for shape in shapes))


def systems() -> Iterator[Case]:
    def regular(*shape: int) -> Any:
        return some(*shape) + 4 * np.eye(shape[-1])

    for axis in (None, 0, -1):
        for keepdims in (False, True):
            for order in (None, 2, 1, 3, np.inf, -np.inf, 2.5, 0):
                if axis is not None or order is None:
                    yield case(np.linalg.norm, apart(3, 4), order, axis, constant=(1,), keepdims=keepdims)
                yield case(
                    np.linalg.norm,
                    apart(4),
                    order,
                    axis if axis is None else 0,
                    constant=(1,),
                    keepdims=keepdims,
                )
    yield case(np.linalg.norm, some(3, 4), "fro")
    yield case(np.linalg.norm, some(2, 3, 4), "fro", (0, 2))
    yield case(np.linalg.norm, some(2, 3, 4), axis=(1, 2), keepdims=True)
    for shape in ((3, 3), (2, 3, 3)):
        for f in (np.linalg.inv, np.linalg.det, np.linalg.slogdet):
            yield case(f, regular(*shape))
        for upper in (False, True):
            yield case(np.linalg.cholesky, regular(*shape) + 4 * np.eye(3), upper=upper)
    for a, b in (
        ((3, 3), (3,)),
        ((3, 3), (3, 2)),
        ((2, 3, 3), (3,)),
        ((2, 3, 3), (2, 3, 4)),
        ((3, 3), (2, 3, 1)),
        ((2, 3, 3), (3, 1)),
    ):
        yield case(np.linalg.solve, regular(*a), some(*b))


def transposes() -> Iterator[Case]:
    yield case(fold_broadcast, some(2, 3), some(3), constant=(1,))
    yield case(cut, some(5, 6), (3, 4), 1)
    yield case(fold_tiles, some(2, 6), (2, 3), 2)
    yield case(fold_repeats, some(2, 6), (2, 3), 2, 1)
    yield case(if_floating, some(2), np.float32)
    yield case(unstack, some(2, 3), [some(3), some(3)], constant=(1,))
    yield case(unnest, some(2, 3), [some(3), some(3)], constant=(1,))
    yield case(cast_back, some(1, 3), some(3), constant=(1,))
    yield case(undiff, some(3, 4), 2)
    yield case(unsplit, [some(2), some(3)], [some(2), some(3)], constant=(1,))
    yield case(untake, some(3, 2), some(4, 2), [0, 2, 2], 0, constant=(1,))
    yield case(untake, some(3), some(4, 2), [0, 2, 2], constant=(1,))
    yield case(untake_along_axis, some(2, 2), some(2, 3), np.array([[0, 2], [1, 1]]), 1, constant=(1,))
    yield case(undiagonal, some(2), (2, 3), 1)
    yield case(untrace, some(), (2, 3), 1)
    for left, right in (((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (3,)), ((3,), (3,))):
        x1, x2 = some(*left), some(*right)
        yield case(matmul_x1, some(*(x1 @ x2).shape), x1, x2)
        yield case(matmul_x2, some(*(x1 @ x2).shape), x1, x2)
    yield case(share_among_ties, some(3), np.zeros(3), np.zeros((3, 2)), 1, constant=(1, 2))
    yield case(power_slope, 1.0, some(3, low=0.5), 3, constant=(0,))
    yield case(power_slope, 1.0, some(2, 3, low=0.5), some(3), constant=(0,))
    yield case(exponent_slope, np.array([1.2**0.7]), 1.2, np.array([0.7]), constant=(0, 1, 2))
    for axis in (-1, None):
        y = ops.softmax(some(2, 3), axis)
        yield case(softmax_along, y, some(2, 3), axis, constant=(0,))
        yield case(logsoftmax_bar, some(2, 3), ops.logsoftmax(some(2, 3), axis), axis, constant=(1,))
    for options in ({}, {"weight": np.array([0.5, 2.0, 3.0])}, {"axis": 0}):
        yield case(nllx, 1.5, some(3, 3), [0, -1, 2], **options)
    for options in ({}, {"weight": some(3, low=0.5)}):
        yield case(nllx, 1.5, some(3, 3), [0, -1, 2], smoothing=0.3, **options)
        yield case(bcex, 1.5, some(3), [0, 1, 1], **options)
        yield case(bcex, 1.5, some(3), [-1, 1, 1], -1, **options)
    yield case(bcex, [1.5, 0.0], some(3), [0, 1, 1], constant=(0,), average=False)
    yield case(nllx, [1.5, 0.0], some(3, 3), [0, -1, 2], constant=(0,), average=False)


def layers() -> Iterator[Case]:
    for f in (ops.identity, ops.relu, ops.elu, ops.selu):
        yield from unary(f, 0.1)
        yield from unary(f, -2, -0.1)
    for f in (ops.sigm, ops.gelu, ops.swish, ops.softplus, erf, erfc, normal_cdf, normal_pdf):
        yield from unary(f)
    for f in (ops.sigm, ops.swish, ops.softplus):
        yield case(f, np.array([-30.0, 30.0]))
    for f in (ops.hardsigmoid, ops.hardswish):
        yield from unary(f, -2.9, 2.9)
        yield case(f, np.array([-5.0, -3.1, 3.1, 5.0]))
    for options in (
        {"negative_slope": 0.1},
        {"max_value": 6, "negative_slope": 2},
        {"max_value": 1.5, "threshold": -0.25, "negative_slope": -0.5},
        {"threshold": 1.0},
    ):
        yield case(ops.relu, np.array([[-7.0, -0.5, -0.1, 0.3], [1.2, 1.7, 5.9, 7.0]]), **options)
        yield case(ops.relu, -0.7, **options)
    for f in (ops.softmax, ops.logsoftmax, ops.logsumexp):
        for axis in (-1, 0, None, (0, 2)):
            yield case(f, some(2, 3, 4), axis)
        yield case(f, some(4))
        yield case(f, 1.5 * np.ones((2, 3)))
        yield case(f, some(0, 3))
    yield case(ops.logsumexp, some(2, 3), 0, keepdims=True)
    yield case(ops.nll, some(4, 3), np.array([0, 2, 1, 1]))
    yield case(ops.nll, some(4, 3), [0, -1, 1, -1])
    yield case(ops.nll, some(3, 4), [0, 2, 1, 1], axis=0)
    yield case(ops.nll, some(2, 2, 3), np.array([[0, 2], [1, 1]]), average=False)
    yield case(ops.nll, some(4, 3), [0, 2, 1, 7], ignore_index=7, weight=np.array([0.5, 2.0, 3.0]))
    yield case(ops.nll, some(4, 3), [0, 2, 1, 0], weight=np.array([0.5, 2.0, 3.0]), average=False)
    yield case(ops.nll, some(4, 3), [0, -1, 1, 0], weight=np.array([0.5, 2.0, 3.0]), smoothing=0.3)
    yield case(ops.nll, some(3, 4), [0, 2, 1, 1], axis=0, smoothing=0.3, average=False)
    yield case(ops.bce, some(4), [0, 1, 1, 0])
    yield case(
        ops.bce, some(2, 2), np.array([[0.2, 1.0], [0.7, 0.0]]), constant=(1,), weight=some(2, 2, low=0.5)
    )
    yield case(ops.logistic, some(4), np.array([-1, 1, 1, -1]), average=False)
    for dims in (None, 0, 1, 2, 3, 4):
        yield case(ops.mat, some(2, 3, 1, 2), dims)
    yield case(ops.mat, some(3))
    yield case(ops.dropout, some(3, 4), 0.0, constant=(1,))


def images() -> Iterator[Case]:
    for space, kernel in (((5,), (3,)), ((5, 4), (3, 2)), ((3, 4, 3), (2, 2, 2))):
        for options in (
            {},
            {"padding": 1, "mode": 1},
            {"stride": 2, "alpha": 2.5},
            {"padding": 2, "stride": 3, "dilation": 2},
            {"group": 2, "padding": 1},
            {"group": 2, "stride": 2, "mode": 1, "dilation": (1,) * len(space)},
        ):
            group = options.get("group", 1)
            w, x = some(4, 2 // group, *kernel), some(2, 2, *space)
            yield case(ops.conv4, w, x, **options)
            dy = some(*ops.conv4(w, x, **options).shape)
            if len(space) == 2:
                yield case(conv4w, w, x, dy, **options)
                yield case(conv4x, w, x, dy, **options)
    yield case(ops.conv4, some(2, 3, 1, 1), some(2, 3, 2, 2))
    yield case(ops.conv4, some(2, 3, 2, 2), some(0, 3, 2, 2))
    for space in ((5,), (4, 5), (2, 4, 3)):
        for options in (
            {},
            {"mode": 1},
            {"mode": 3, "window": 2, "stride": 1},
            {"mode": 2, "window": 3, "padding": 1, "stride": 2},
            {"mode": 1, "window": 3, "padding": 1, "stride": 2, "alpha": 1.5},
            {"op": "max", "window": 3, "padding": 1, "stride": 2, "alpha": 1.5},
            {"op": "mean", "window": 100},
        ):
            x = apart(2, 2, *space)
            yield case(ops.pool, x, **options)
            y = ops.pool(x, **options)
            yield case(poolx, x, y, some(*y.shape), constant=(0, 1), **options)
            yield case(pool_along, x, some(*x.shape), constant=(0,), **options)


def convolutions() -> Iterator[Case]:
    """Padding of every form, transposed convolution and its options, biases, borders, unpooling."""
    for space, kernel in (((5,), (4,)), ((5, 4), (3, 2)), ((3, 4, 3), (2, 3, 2))):
        each = len(space)
        for options in (
            {"padding": "same"},
            {"padding": "same", "stride": 2, "mode": 1},
            {"padding": "same", "dilation": 2, "alpha": 2.5, "group": 2},
            {"padding": ((1, 2), *((0, 1),) * (each - 1)), "stride": 2},
            {"padding": ((2, 0), *(1,) * (each - 1)), "mode": 1},
        ):
            w, x = some(2, 2 // options.get("group", 1), *kernel), some(2, 2, *space)
            y = ops.conv4(w, x, **options)
            yield case(ops.conv4, w, x, **options)
            if each == 2:
                yield case(conv4w, w, x, some(*y.shape), **options)
                yield case(conv4x, w, x, some(*y.shape), **options)
        for options in (
            {},
            {"padding": 1, "mode": 1},
            {"stride": 2, "output_padding": 1, "alpha": 2.5},
            {"stride": 3, "dilation": 2, "output_padding": (2, 0, 1)[:each], "padding": ((1, 0),) * each},
            {"group": 2, "padding": 1, "stride": 2},
            {"padding": "same", "stride": 3},
        ):
            yield case(ops.deconv4, some(2, 2, *kernel), some(1, 2, *space), **options)
    yield case(ops.deconv4, some(2, 3, 2, 2), some(1, 2, 3, 3), 1, 2, 1, 0, 2, 1, 1)
    yield case(ops.conv4, some(4, 1, 3, 3), some(2, 4, 5, 5), group=4, padding=1)
    yield case(ops.conv4, some(8, 1, 2, 3), some(2, 4, 5, 5), group=4, stride=2, dilation=(1, 2), mode=1)
    yield case(ops.deconv4, some(4, 1, 3, 3), some(2, 4, 3, 3), group=4, stride=2)
    for shape in ((4,), (1, 4, 1, 1)):
        yield case(add_bias, some(2, 4, 3, 2), some(*shape))
        yield case(channel_sums, some(2, 4, 3, 2), some(*shape))
    for space in ((3,), (3, 2), (2, 3, 2)):
        for options in (
            {},
            {"window": 3, "padding": 1, "alpha": 2.5},
            {"window": 3, "padding": 1, "mode": 1},
            {"window": 2, "stride": 3, "mode": 2},
            {"window": 3, "stride": 2, "mode": 3},
        ):
            yield case(ops.unpool, some(2, 3, *space), **options)
            yield case(fold_windows, ops.unpool(some(1, 2, *space), **options), **options)
        yield case(ops.zeropad, some(2, 3, *space), 2)
        yield case(ops.zeropad, some(2, 3, *space), ((1, 2), *(1,) * (len(space) - 1)))
        yield case(crop, some(2, 3, *(5,) * len(space)), ((1, 2),) * len(space))


def batches() -> Iterator[Case]:
    for batch in ((), (3,), (2, 3)):
        for left in (False, True):
            for right in (False, True):
                a, b = some(*batch, 2, 4), some(*batch, 4, 3)
                a, b = (np.swapaxes(m, -1, -2) if t else m for m, t in ((a, left), (b, right)))
                yield case(ops.bmm, a, b, transA=left, transB=right)
    yield case(ops.bmm, some(2, 3, 4), some(2, 4, 2))
    for shape in ((4,), (5, 4), (2, 5, 4), (0, 4)):
        yield case(ops.linear, some(3, 4), some(*shape))
        yield case(ops.linear, some(3, 4), some(*shape), some(3))


CASES = {
    "arithmetic": list(arithmetic()),
    "elementwise": list(elementwise()),
    "reduce": list(reductions()),
    "shape": list(shapes()),
    "assemble": list(assembly()),
    "product": list(products()),
    "index": list(selections()),
    "einsum": list(einsums()),
    "linalg": list(systems()),
    "transposes": list(transposes()),
    "layers": list(layers()),
    "images": list(images()),
    "embeddings": list(embeddings()),
    "heads": list(heads()),
    "convolutions": list(convolutions()),
    "batches": list(batches()),
    "norms": list(corpus_norm.norms()),
    "norm derivatives": list(corpus_norm.derivatives()),
    "attention": list(attentions()),
    "rotations": list(rotations()),
    "recurrences": list(recurrences()),
}
