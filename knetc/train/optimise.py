"""`optimise`: the methods of `scipy.optimize` on parameters of any structure, with gradients by knetc.

Where all data fit into one call and the loss is smooth, L-BFGS needs far fewer evaluations than the optimisers that
go from batch to batch.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.api import value_and_grad
from knetc.backends import array_module
from knetc.errors import ArgumentError, DtypeError, NonFiniteError
from knetc.train.extras import imported
from knetc.train.update import moves

Array = Any
WITH_GRADIENT = ("L-BFGS-B", "BFGS", "CG", "Newton-CG", "TNC", "SLSQP", "trust-constr")
WITHOUT_GRADIENT = ("Nelder-Mead", "Powell", "COBYLA")


def optimise(
    loss: Callable[..., Any],
    params: Any,
    *args: Any,
    method: str = "L-BFGS-B",
    tol: float | None = None,
    **options: Any,
) -> Any:
    """Minimise `loss(params, *args)` by a method of `scipy.optimize`, and leave the minimum in `params`.

    `params` is an array, or an object, list, tuple or dict with arrays of float64 or float32, which change in place;
    what is frozen stays. scipy sees them as one vector of float64; arrays that occur twice are there once. `options`
    are those of the method, as in `optimise(loss, w, x, y, maxiter=500)`. Newton-CG, TNC, SLSQP, BFGS and CG take
    gradients too, Nelder-Mead, Powell and COBYLA do without.

    The result is scipy's: `fun`, `nit`, `nfev`, `success`, `message`. Its `success` is False when a limit was
    reached. If the loss raises an error, or the loop is interrupted, `params` are the best that had been found.

    Raises `ArgumentError` (KN406 if there is nothing to train, KN412 for read-only arrays, KN428 for an unknown method
    or option), `DtypeError` (KN428) for complex arrays, `NonFiniteError` (KN501) for a loss that is nan or infinite
    at the start, and `PackageError` (KN426) without scipy.

    >>> w = {"a": np.array([3.0, -1.0]), "b": np.array(0.0)}
    >>> def loss(w, x):
    ...     return np.sum((w["a"] - x) ** 2) + np.exp(w["b"]) - w["b"]
    >>> result = optimise(loss, w, np.array([1.0, 2.0]))
    >>> w["a"].round(4).tolist(), abs(float(w["b"])) < 1e-4, result.success
    ([1.0, 2.0], True, True)
    """
    if method not in WITH_GRADIENT + WITHOUT_GRADIENT:
        known = ", ".join(WITH_GRADIENT + WITHOUT_GRADIENT)
        raise ArgumentError(
            "KN428", f"`method` is {method!r}; expected one of {known}", help='method="L-BFGS-B"'
        )
    scipy = imported("scipy.optimize", "scipy")
    objective = Objective(loss, params, args, with_gradient=method in WITH_GRADIENT)
    start = objective.begin()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Unknown solver options", scipy.OptimizeWarning)
            return scipy.minimize(
                objective, start, method=method, jac=objective.with_gradient or None, tol=tol, options=options
            )
    except scipy.OptimizeWarning as warning:
        raise ArgumentError(
            "KN428", f"`{method}` has other options: {warning}", help="maxiter=500"
        ) from warning
    finally:
        objective.write(objective.best)


@dataclass
class Objective:
    """A loss as scipy calls it: of a vector. Remembers the best one."""

    loss: Callable[..., Any]
    params: Any
    args: tuple[Any, ...]
    with_gradient: bool
    arrays: list[Array] = field(default_factory=list, init=False)
    best: Array = field(default=None, init=False)
    least: float = field(default=math.inf, init=False)

    def begin(self) -> Array:
        """Find the arrays, by a first gradient, and return their values."""
        value, gradient = value_and_grad(self.loss)(self.params, *self.args)
        self.arrays = [move.w for move in moves(self.params, gradient)]
        if not self.arrays:
            kind = type(self.params).__name__
            msg = f"there is nothing to train: the {kind} holds no float array"
            raise ArgumentError(
                "KN406", msg, help="make the parameters by param(...); integers are not trained"
            )
        for array in self.arrays:
            if array.dtype.kind == "c":
                msg = f"`params` holds {array.dtype}; expected float64 or float32"
                raise DtypeError("KN428", msg, help="keep real and imaginary parts in arrays of their own")
        if not math.isfinite(value):
            msg = f"the loss is {float(value)} at the start"
            raise NonFiniteError("KN501", msg, help="begin where the loss is finite")
        self.best = flat(self.arrays)
        return self.best.copy()

    def __call__(self, x: Array) -> Any:
        """The loss at a vector, and its gradient if it is wanted."""
        self.write(x)
        if not self.with_gradient:
            return self._noted(float(self.loss(self.params, *self.args)), x)
        value, gradient = value_and_grad(self.loss)(self.params, *self.args)
        return self._noted(float(value), x), flat([move.g for move in moves(self.params, gradient)])

    def write(self, x: Array) -> None:
        """Put a vector into the arrays."""
        begin = 0
        for array in self.arrays:
            part = x[begin : begin + array.size].reshape(array.shape)
            array[...] = array_module(array).asarray(part, dtype=array.dtype)
            begin += array.size

    def _noted(self, value: float, x: Array) -> float:
        if value < self.least:
            self.least, self.best = value, x.copy()
        return value


def flat(arrays: list[Array]) -> Array:
    """Arrays as one vector of float64.

    >>> flat([np.ones((1, 2), np.float32), np.array(3.0)])
    array([1., 1., 3.])
    """
    return np.concatenate([_host(array).ravel().astype(np.float64) for array in arrays])


def _host(array: Array) -> Array:
    module = array_module(array)
    return array if module is np else module.asnumpy(array)
