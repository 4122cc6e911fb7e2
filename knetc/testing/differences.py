"""What a random program does, and how fast that changes: the truth that its gradients are compared with."""

from __future__ import annotations

import copy
import inspect
import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

Arguments = dict[str, Any]

STEP = 1e-3
KINK = 2e-6
"""A jump of the slope that is smaller, relatively, does no harm."""


def arguments(f: Callable[..., Any], seed: int) -> Arguments:
    """A point for `f`: numbers of both signs, neither small nor large."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> Any:
        return rng.uniform(0.2, 1.3, shape) * rng.choice((-1.0, 1.0, 1.0), shape)

    made = {"a": float(some()), "b": float(some()), "v": some(3), "u": some(3), "m": some(2, 3)}
    made |= {"xs": some(3).tolist(), "ps": dict(zip("pq", some(2).tolist(), strict=True))}
    return {name: made[name] for name in inspect.signature(f).parameters}


@dataclass(frozen=True)
class Effects:
    """What a call leaves: its value, its arguments as they are afterwards, and what it has printed."""

    value: Any
    arguments: Arguments
    printed: str

    def differences(self, other: Effects) -> list[str]:
        """In what two calls differ."""
        found = [] if np.array_equal(self.value, other.value) else ["value"]
        for name, value in self.arguments.items():
            if not np.array_equal(value, other.arguments[name]):
                found.append(f"what is written into `{name}`")
        return found if self.printed == other.printed else [*found, "what is printed"]


def called(run: Callable[..., Any], given: Arguments) -> tuple[Any, Effects]:
    """What a function returns for copies of its arguments, and what it leaves."""
    given = copy.deepcopy(given)
    out = io.StringIO()
    with redirect_stdout(out), warnings.catch_warnings(action="error"):
        found = run(**given)
    return found, Effects(found, given, out.getvalue())


@dataclass(frozen=True)
class Reference:
    """A program's effects, and its slopes along a random direction in each argument."""

    given: Arguments
    effects: Effects
    directions: Arguments
    slopes: Arguments


def reference(f: Callable[..., Any], seed: int) -> Reference | None:
    """What the gradient is compared with; None if the program is no use."""
    given = arguments(f, seed)
    try:
        value, effects = called(f, given)
        if np.shape(value) != () or not np.isfinite(value) or effects.differences(called(f, given)[1]):
            return None
        rng = np.random.default_rng(seed)
        directions = {name: rng.choice((-1.0, 0.5, 1.5), np.shape(flat(given[name]))) for name in given}
        slopes = {name: slope(f, given, name, directions[name]) for name in given}
    except Exception:  # noqa: BLE001  whatever the program raises
        return None
    return Reference(given, effects, directions, slopes) if None not in slopes.values() else None


def slope(f: Callable[..., Any], given: Arguments, name: str, direction: Any) -> float | None:
    """The derivative along a direction in one argument, of fourth order; None where the function is not smooth."""

    def at(step: float) -> float:
        return float(called(f, {**given, name: moved(given[name], step * direction)})[0])

    middle, ends, inner = at(0.0), (at(STEP), at(-STEP)), (at(STEP / 2), at(-STEP / 2))
    coarse, fine = (ends[0] - ends[1]) / (2 * STEP), (inner[0] - inner[1]) / STEP
    bends = [
        (sum(pair) - 2 * middle) / STEP for pair in (ends, inner)
    ]  # a quarter at half the step, where smooth
    size = 1.0 + abs(fine)
    if not (abs(coarse - fine) < 1e-3 * size and abs(bends[0] - 4 * bends[1]) < KINK * size and size < 1e4):
        return None
    return (4 * fine - coarse) / 3


def flat(value: Any) -> Any:
    """The numbers in an argument, or in the gradient by it, as an array."""
    return np.asarray(list(value.values()) if isinstance(value, dict) else value)


def moved(value: Any, delta: Any) -> Any:
    """An argument a little further on."""
    new = flat(value) + delta
    match value:
        case dict():
            return dict(zip(value, new.tolist(), strict=True))
        case list():
            return new.tolist()
    return new if isinstance(value, np.ndarray) else float(new)
