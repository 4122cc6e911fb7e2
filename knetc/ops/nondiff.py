"""Functions whose derivative is zero by nature: comparisons, rounding, tests, positions, new arrays, random numbers."""

from __future__ import annotations

import math
import operator
import random

import numpy as np

from knetc.ops.registry import methods, nondifferentiable

# Comparisons and logic.
nondifferentiable(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
nondifferentiable(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
nondifferentiable(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
nondifferentiable(operator.not_, operator.truth, operator.is_, operator.is_not, operator.contains)
nondifferentiable(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift)
nondifferentiable(
    operator.and_, operator.or_, operator.xor, operator.invert, operator.lshift, operator.rshift
)

# Steps: constant between jumps.
nondifferentiable(np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round, np.around, np.fix)
nondifferentiable(math.floor, math.ceil, math.trunc, round, np.floor_divide, operator.floordiv)

# Tests.
nondifferentiable(np.isnan, np.isinf, np.isfinite, np.signbit, np.isposinf, np.isneginf, np.isreal)
nondifferentiable(math.isnan, math.isinf, math.isfinite, math.isclose)
nondifferentiable(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.isin, np.isscalar)
nondifferentiable(len, isinstance, issubclass, callable, bool, int, hash, id, type, repr, str)

# Positions and counts.
nondifferentiable(np.argmax, np.argmin, np.argsort, np.argwhere, np.argpartition, np.nanargmax, np.nanargmin)
nondifferentiable(np.nonzero, np.flatnonzero, np.searchsorted, np.count_nonzero, np.digitize)
nondifferentiable(
    np.shape, np.ndim, np.size, np.result_type, np.indices, np.unravel_index, np.ravel_multi_index
)
nondifferentiable(range)

# New arrays whose elements do not depend on the arguments (those of `np.arange` and `np.linspace` do).
nondifferentiable(np.zeros, np.ones, np.empty, np.zeros_like, np.ones_like, np.empty_like)
nondifferentiable(np.eye, np.identity, np.tri, np.tril_indices, np.triu_indices)

# Random numbers of a fixed distribution. What takes parameters or shuffles its argument is not constant in it.
nondifferentiable(
    np.random.seed, np.random.default_rng, random.seed, random.random, random.randint, random.randrange
)
nondifferentiable(
    np.random.rand, np.random.randn, np.random.random, np.random.random_sample, np.random.randint
)

methods(
    argmax=np.argmax,
    argmin=np.argmin,
    argsort=np.argsort,
    all=np.all,
    any=np.any,
    nonzero=np.nonzero,
    round=np.round,
    searchsorted=np.searchsorted,
)
