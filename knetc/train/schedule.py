"""Schedules: learning rates as functions of the step, which is 0 at the first update.

    Adam(lr=cosine(1e-3, 10_000, warmup=500))

The `lr` of an optimiser takes any callable `step -> lr`; those made here compose by `warmup` and `joined`. They hold
no state: what an optimiser counts is saved with it. For rates that depend on the losses see `ReduceOnPlateau`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from knetc.train.ranges import check, check_count, check_non_negative

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """Always `lr`. All functions here raise `ArgumentError` (KN414) for what is out of range.

    >>> constant(0.1)(7)
    0.1
    """
    check_non_negative("KN414", lr=lr)
    return partial(_constant, lr)


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """`lr`, times `factor` after each `every` steps.

    >>> [step_decay(1.0, 2, 0.5)(step) for step in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """
    check_non_negative("KN414", lr=lr, factor=factor)
    check_count("KN414", "steps", every=every)
    return partial(_step_decay, lr, every, factor)


def exponential(lr: float, factor: float) -> Schedule:
    """`lr * factor ** step`.

    >>> [exponential(1.0, 0.5)(step) for step in range(3)]
    [1.0, 0.5, 0.25]
    """
    check_non_negative("KN414", lr=lr, factor=factor)
    return partial(_exponential, lr, factor)


def cosine(lr: float, steps: int, *, final: float = 0.0, warmup: int = 0) -> Schedule:
    """From `lr` to `final` in `steps` steps, along half a cosine; then `final` (Loshchilov and Hutter, 2017).

    The first `warmup` of the steps go up to `lr`, see `warmup`.

    >>> [round(cosine(1.0, 4)(step), 4) for step in range(6)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]
    >>> [round(cosine(1.0, 5, warmup=1)(step), 4) for step in range(4)]
    [0.5, 1.0, 0.8536, 0.5]
    """
    check_non_negative("KN414", lr=lr, final=final)
    check_count("KN414", "steps", steps=steps)
    check("KN414", f"0 to {steps - 1}, fewer than `steps`", lambda n: 0 <= n < steps, 0, warmup=warmup)
    return _after_warmup(partial(_cosine, lr, steps - warmup, final), warmup)


def one_cycle(
    lr: float, steps: int, *, rise: float = 0.3, div: float = 25.0, final_div: float = 1e4
) -> Schedule:
    """Up from `lr / div` to `lr` in the first part `rise` of the steps, then down to `lr / div / final_div`.

    Both ways along half a cosine (Smith and Topin, 2018), as PyTorch's `OneCycleLR`; from then on the last rate.

    >>> [round(one_cycle(1.0, 11, rise=6 / 11, div=10)(step), 3) for step in (0, 5, 10, 99)]
    [0.1, 1.0, 0.0, 0.0]
    """
    check_non_negative("KN414", lr=lr)
    check_count("KN414", "steps", steps=steps)
    check("KN414", "1 or more", lambda value: 1 <= value < math.inf, 25.0, div=div, final_div=final_div)
    least = f"a part of the steps between {1 / steps:.3g} and 1"
    check("KN414", least, lambda part: 1 < part * steps < steps, 0.3, rise=rise)
    peak = rise * steps - 1
    return partial(_one_cycle, lr, peak, steps - 1, lr / div, lr / div / final_div)


def warmup(schedule: Schedule | float, steps: int) -> Schedule:
    """Go up to the first rate of `schedule` in `steps` steps, linearly; then `schedule`, from its own step 0.

    >>> [warmup(constant(1.0), 3)(step) for step in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    check_count("KN414", "steps", steps=steps)
    return _after_warmup(_schedule(schedule), steps)


def joined(first: Schedule | float, steps: int, then: Schedule | float) -> Schedule:
    """`first` for `steps` steps, then `then`, from its own step 0.

    >>> [joined(0.5, 2, exponential(1.0, 0.5))(step) for step in range(5)]
    [0.5, 0.5, 1.0, 0.5, 0.25]
    """
    check_count("KN414", "steps", steps=steps)
    return partial(_joined, _schedule(first), steps, _schedule(then))


def _after_warmup(schedule: Schedule, steps: int) -> Schedule:
    return partial(_joined, partial(_rising, schedule, steps), steps, schedule) if steps else schedule


def _constant(lr: float, step: int) -> float:
    return lr


def _step_decay(lr: float, every: int, factor: float, step: int) -> float:
    return lr * factor ** (step // every)


def _exponential(lr: float, factor: float, step: int) -> float:
    return lr * factor**step


def _cosine(lr: float, steps: int, final: float, step: int) -> float:
    return _between(lr, final, min(step / steps, 1.0))


def _one_cycle(lr: float, peak: float, last: int, start: float, final: float, step: int) -> float:
    if step <= peak:
        return _between(start, lr, step / peak)
    return _between(lr, final, min((step - peak) / (last - peak), 1.0))


def _rising(schedule: Schedule, steps: int, step: int) -> float:
    return schedule(0) * (step + 1) / (steps + 1)


def _joined(first: Schedule, steps: int, then: Schedule, step: int) -> float:
    return first(step) if step < steps else then(step - steps)


def _between(a: float, b: float, part: float) -> float:
    """From `a` to `b` along half a cosine."""
    return b + (a - b) * (1 + math.cos(math.pi * part)) / 2


def _schedule(value: Schedule | float) -> Schedule:
    return value if callable(value) else constant(value)
