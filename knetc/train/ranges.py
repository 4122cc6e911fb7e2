"""Checks of the numbers that are options of training: each raises `ArgumentError` with a code of its caller."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError


def check(code: str, expected: str, fits: Callable[[Any], bool], example: Any, **values: Any) -> None:
    """Raise for a value that is not a real number, or that does not fit.

    >>> check("KN407", "less than 3", lambda value: value < 3, 2, n=1)
    """
    for name, value in values.items():
        real = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not real or not fits(value):
            raise ArgumentError(
                code, f"`{name}` is {value!r}; expected {expected}", help=f"{name}={example!r}"
            )


def check_non_negative(code: str, example: float = 0.001, **values: Any) -> None:
    """Numbers of 0 or more.

    >>> check_non_negative("KN407", lr=0.1)
    """
    check(code, "0 or more", lambda value: 0 <= value < math.inf, example, **values)


def check_positive(code: str, example: float = 1e-8, **values: Any) -> None:
    """Numbers above 0.

    >>> check_positive("KN407", eps=1e-8)
    """
    check(code, "more than 0", lambda value: 0 < value < math.inf, example, **values)


def check_fraction(code: str, example: float = 0.9, **values: Any) -> None:
    """Factors of running averages: from 0 to 1, 1 excluded.

    >>> check_fraction("KN407", gamma=0.95)
    """
    check(code, "0 to 1, 1 excluded", lambda value: 0 <= value < 1, example, **values)


def check_count(code: str, of: str, example: int = 10, **values: Any) -> None:
    """Whole numbers of 1 or more.

    >>> check_count("KN419", "values", patience=5)
    """
    fits = (int, np.integer)
    expected = f"a number of {of}, at least 1"
    check(code, expected, lambda value: isinstance(value, fits) and bool(value >= 1), example, **values)
