"""Search for hyperparameters: `goldensection` moves a point downhill, `hyperband` gives good guesses more time.

Both are Knet's, and call a function of the user's own, which may train anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from knetc.errors import ArgumentError, NonFiniteError

Array = Any
Config = TypeVar("Config")
GOLDEN = (1 + math.sqrt(5)) / 2
CLOSE = math.sqrt(np.finfo(float).eps)
"""Two points whose distance is less, relative to their length, are one point."""


def goldensection(
    f: Callable[[Array], float],
    n: int,
    *,
    dxmin: float = 0.1,
    accel: float = GOLDEN,
    history: list[tuple[Array, float]] | None = None,
    verbose: bool = False,
) -> tuple[float, Array]:
    """The minimum that is found from the zero vector of length `n` on, and where it is: `(fmin, xmin)`.

    One coordinate is moved at a time, by 1 at first: the one of which most is to be expected. A step that makes `f`
    smaller is kept, and the next one in that coordinate is `accel` times as long; otherwise the next one goes the other
    way and is `accel` times shorter. The search ends when no step is longer than `dxmin`.

    Let `f` scale what it is given: `lr = 0.01 * np.exp(x[0])` starts at 0.01 and goes on in factors. For values that
    are out of range it returns nan, which counts as a step that did not help. `history` is a list of `(x, f(x))`, to
    which evaluations are added and from which they are taken if they are there. `verbose` prints the steps.

    Raises `ArgumentError` (KN427) for options out of range and `NonFiniteError` (KN427) if `f` is nan at the start.

    >>> fmin, xmin = goldensection(lambda x: (x[0] - 3) ** 2 + (x[1] + 1) ** 2, 2, dxmin=0.01)
    >>> bool(fmin < 1e-3), xmin.round(1).tolist()
    (True, [3.0, -1.0])
    """
    _check("n", n, type(n) is int and n >= 1, "the number of coordinates")
    _check("dxmin", dxmin, dxmin > 0, "a step of more than 0")
    _check("accel", accel, 1 < accel < math.inf, "a factor of more than 1")
    known = [] if history is None else history
    x0 = np.zeros(n)
    f0 = _evaluated(f, x0, known)
    if math.isnan(f0):
        raise NonFiniteError(
            "KN427", "`f` is nan at the start", help="let f shift its argument to a place in range"
        )
    steps, gains = np.ones(n), np.full(n, math.inf)
    while np.max(np.abs(steps)) > dxmin:
        i = int(np.argmax(gains))
        x1 = x0.copy()
        x1[i] += steps[i]
        f1 = _evaluated(f, x1, known)
        if verbose:
            print(f"f({x0}) = {f0:.6g}  f({x1}) = {f1:.6g}")  # noqa: T201 - asked for
        if f1 < f0:
            steps[i], gains[i] = accel * steps[i], accel * (f0 - f1)
            x0, f0 = x1, f1
            _wake(steps, gains, accel * dxmin)
        else:
            lost = gains[i] if math.isnan(f1) else f1 - f0
            steps[i], gains[i] = -steps[i] / accel, lost / accel
            if abs(steps[i]) < dxmin:
                gains[i] = -1.0
    return f0, x0


def hyperband(
    getconfig: Callable[[], Config],
    getloss: Callable[[Config, float], float],
    maxresource: float = 27,
    reduction: float = 3,
) -> tuple[float, float, Config]:
    """The best configuration that was found: `(loss, resource, config)` (Li et al., 2018).

    `getconfig()` draws a random configuration, `getloss(config, resource)` tells its loss after that much of a
    resource: epochs, seconds, instances. In each of several rounds many configurations are tried with little, and the
    best of them, one in `reduction`, with `reduction` times as much, up to `maxresource`; later rounds try fewer
    with more to begin with. The resource is an int where it is whole. A loss of nan is the worst.

    Raises `ArgumentError` (KN427) for options out of range, and `NonFiniteError` (KN427) if no loss was finite.

    >>> guesses = iter(range(100))
    >>> hyperband(lambda: next(guesses), lambda config, epochs: abs(config - 7) + 1 / epochs, 9)
    (0.1111111111111111, 9, 7)
    """
    _check("maxresource", maxresource, 1 <= maxresource < math.inf, "1 or more")
    _check("reduction", reduction, 1 < reduction < math.inf, "a factor of more than 1")
    whole, factor = Fraction(maxresource), Fraction(reduction)
    last = 0
    while factor ** (last + 1) <= whole:  # exact, as log(243) / log(3) < 5 is not
        last += 1
    best: tuple[float, float, Config] | None = None
    for s in range(last, -1, -1):
        count = math.ceil((last + 1) * factor**s / (s + 1))
        found = _halving([getconfig() for _ in range(count)], getloss, whole, factor, s)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    if best is None:
        raise NonFiniteError(
            "KN427", "every loss was nan or infinite", help="look at getloss(getconfig(), 1)"
        )
    return best


def _halving(
    configs: list[Config],
    getloss: Callable[[Config, float], float],
    whole: Fraction,
    factor: Fraction,
    rounds: int,
) -> tuple[float, float, Config] | None:
    """Try all, keep one in `factor` of them, and so on; the last are given the whole resource."""
    best = None
    count = len(configs)
    for i in range(rounds + 1):
        resource = _plain(whole / factor ** (rounds - i))
        losses = [float(getloss(config, resource)) for config in configs]
        order = sorted(range(len(configs)), key=lambda j: (math.isnan(losses[j]), losses[j]))
        first = losses[order[0]]
        if first < (math.inf if best is None else best[0]):
            best = (first, resource, configs[order[0]])
        configs = [configs[j] for j in order[: math.floor(count / factor ** (i + 1))]]
    return best


def _evaluated(f: Callable[[Array], float], x: Array, known: list[tuple[Array, float]]) -> float:
    """`f(x)`, from what is known if it is there."""
    for other, value in known:
        if np.linalg.norm(x - other) <= CLOSE * max(np.linalg.norm(x), np.linalg.norm(other)):
            return value
    value = float(f(x.copy()))
    if value == -math.inf:
        raise NonFiniteError(
            "KN427", f"`f` has no minimum: it is -inf at {x}", help="return nan out of range"
        )
    known.append((x, value))
    return value


def _wake(steps: Array, gains: Array, least: float) -> None:
    """From a new place, coordinates that had come to rest are tried once more, with small steps."""
    short = np.abs(steps) < least
    steps[short] = np.copysign(least, steps[short])
    gains[short] = np.maximum(gains[short], 0.0)


def _plain(number: Fraction) -> float:
    return number.numerator if number.denominator == 1 else float(number)


def _check(name: str, value: Any, holds: bool, expected: str) -> None:
    if not holds:
        raise ArgumentError(
            "KN427",
            f"`{name}` is {value!r}; expected {expected}",
            help="see help(goldensection) and help(hyperband)",
        )
