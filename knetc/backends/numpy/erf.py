"""The error function and its complement, which numpy lacks, to the last digits of float64 and of float32.

For `|x| <= 1` the function is `x` times a polynomial in `x * x`. The complement is
`erfc(z) = exp(-z * z) * q * P(t)` for all `z >= 0`, with `q = K / (z + K)` and `t` the linear map of `q` that takes
0 <= z <= END to -1 <= t <= 1; beyond END the complement is 0 in that precision. Both polynomials are interpolations
at Chebyshev points, computed with 60 digits; the idea of such a map is that of Shepherd and Laframboise (1981).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.backends.dispatch import array_module, is_device_array
from knetc.errors import DtypeError

Array = Any

Kernel = Callable[[Any, Array, "Precision"], Array]

K = 3.0
PART = 1 << 15
"""How many elements are worked on at a time."""


@dataclass(frozen=True)
class Precision:
    """The polynomials for one width of floats, lowest power first."""

    end: float
    splitter: float  # half of the digits of a number are those of a multiple of it
    tail: tuple[float, ...]
    centre: tuple[float, ...]


SINGLE = Precision(
    end=10.5,
    splitter=2.0**12 + 1,
    tail=(
        0.43439223598736504, -0.3104060692472123, 0.1684724325269399, -0.06734919697843421, 0.017955963346851872,
        -0.0020696174568585863, -0.0004714479607018278, 0.0001930160716988732, 7.616092610139741e-06,
        -1.1358756656972733e-05, -2.5570083380231452e-08,
    ),
    centre=(
        1.1283791658815026, -0.3761262690358044, 0.11283597463488053, -0.026854328796067244, 0.005189311942686617,
        -0.0008018854992786387, 7.882497110086663e-05,
    ),
)  # fmt: skip
DOUBLE = Precision(
    end=27.5,
    splitter=2.0**27 + 1,
    tail=(
        0.3889717993518312, -0.30324641989851053, 0.18671729059064476, -0.08797277920352825,
        0.02917651131790314, -0.0050589966793918245, -0.000613547527103884, 0.0005422202409580997,
        -3.8143114994918885e-05, -4.766603313032344e-05, 7.69790378794405e-06, 4.9750208189113004e-06,
        -9.094670446331505e-07, -6.400763317212747e-07, 7.651061384151667e-08, 9.253928173824755e-08,
        2.1624366418683238e-10, -1.3149521885716775e-08, -2.019368241181727e-09, 1.5543614033834727e-09,
        4.956954085312163e-10, -1.0988041346966297e-10, -5.308303960849366e-11,
    ),
    centre=(
        1.1283791670955126, -0.37612638903183543, 0.1128379167094513, -0.026866170643256995, 0.005223977607269946,
        -0.0008548325982543225, 0.00012055295112667001, -1.4924740785377576e-05, 1.6447471190594618e-06,
        -1.6208829856810202e-07, 1.3721520406351094e-08, -7.798543850549947e-10,
    ),
)  # fmt: skip


def erf(x: Array) -> Array:
    """The error function of an array or a number."""
    return _in_parts(_erf, x)


def erfc(x: Array) -> Array:
    """`1 - erf(x)`, exact to the last digits also where it is tiny."""
    return _in_parts(_erfc, x)


def _erf(xp: Any, x: Array, precision: Precision) -> Array:
    near = xp.clip(x, -1, 1)
    centre = near * _polynomial(precision.centre, near * near)
    size = xp.abs(x)
    return xp.where(size < 1, centre, xp.copysign(1 - _tail(xp, size, precision), x))


def _erfc(xp: Any, x: Array, precision: Precision) -> Array:
    tail = _tail(xp, xp.abs(x), precision)
    return xp.where(x < 0, 2 - tail, tail)


def _tail(xp: Any, z: Array, precision: Precision) -> Array:
    """`erfc(z)` for z >= 0."""
    z = xp.minimum(z, precision.end)
    big = z * precision.splitter
    high = big - (big - z)  # half of the digits, so that its square is exact
    q = K / (z + K)
    slope = 2 * (precision.end + K) / precision.end
    decay = xp.exp(-high * high) * xp.exp((high - z) * (high + z))
    return decay * q * _polynomial(precision.tail, slope - 1 - slope * q)


def _polynomial(coefficients: tuple[float, ...], t: Array) -> Array:
    total = coefficients[-1] * t + coefficients[-2]
    for c in reversed(coefficients[:-2]):
        total *= t
        total += c
    return total


def _in_parts(function: Kernel, x: Array) -> Array:
    """`function` of all of `x`, on the host in parts that stay in the cache; a number for a number."""
    xp = array_module(x)
    x = xp.asarray(x)
    if x.dtype.kind in "biu":
        x = x.astype(np.float64)
    elif x.dtype.kind != "f":
        raise DtypeError(
            "KN319",
            f"the error function, which gelu is made of, was given {x.dtype}; expected real numbers",
            help="convert them: x.astype(np.float32), or x.real",
        )
    precision = SINGLE if x.dtype.itemsize <= np.dtype(np.float32).itemsize else DOUBLE
    if is_device_array(x) or x.size <= PART:
        return function(xp, x, precision)[()]
    result = np.empty_like(x)
    for part, place in _parts(x, result):
        place[...] = function(np, part, precision)
    return result


def _parts(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """Both arrays halved, across the direction of their memory, until the parts are small."""
    if x.size <= PART:
        yield x, y
        return
    axis = max(range(x.ndim), key=lambda i: (x.shape[i] > 1, abs(x.strides[i])))
    middle = x.shape[axis] // 2
    for half in (slice(None, middle), slice(middle, None)):
        where = (*(slice(None),) * axis, half)
        yield from _parts(x[where], y[where])
