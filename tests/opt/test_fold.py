"""Simplified expressions, and that no rule changes a value: not of infinities, nan, zeros of either sign."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.front.lower import lower
from knetc.opt.fold import fold
from tests.stages import facts, shown

KNOWN = facts(a=np.ones(3), b=np.ones(3), c=np.ones((2, 3)), s=2.0, t=1.5, n=3, unknown=object())
TINY, HUGE = 5e-324, 1.7e308
EDGES = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, TINY, -TINY, HUGE, -HUGE, 3.5, 1 / 3]
PARAMS = "a, b, c, s, t, n, unknown"


def function(expression):
    """A function whose text is given, as nobody has written it in a file."""
    text = f"def f({PARAMS}):\n    return {expression}"
    namespace = {"np": np}
    exec(text, namespace)
    return namespace["f"], text


def folded(expression):
    return fold(lower(*function(expression)).body, KNOWN)


def simplified(expression):
    return shown(folded(expression)).removeprefix("return ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.0 * a", "a"),
        ("a * 1", "a"),
        ("a / 1", "a"),
        ("a - 0", "a"),
        ("-(-a)", "a"),
        ("2 * 3.0", "6.0"),
        ("a + a", "np.multiply(2, a)"),
        ("a + -b", "np.subtract(a, b)"),
        ("a * 2", "np.multiply(2, a)"),
        ("a * -b", "np.negative(np.multiply(a, b))"),
        ("-a * b", "np.negative(np.multiply(a, b))"),
        ("-a / b", "np.negative(np.divide(a, b))"),
        ("2 * (3 * a)", "np.multiply(6, a)"),
        ("a * 2 * 3", "np.multiply(6, a)"),
        ("2 * (a * b)", "np.multiply(np.multiply(2, a), b)"),
        ("a * (2 * b)", "np.multiply(np.multiply(2, a), b)"),
        ("a * (1 / b)", "np.divide(a, b)"),
        ("a * (s / b)", "np.divide(np.multiply(a, s), b)"),
        ("2.0 * (3.0 / a)", "np.divide(6.0, a)"),
        ("(a, b)[1]", "b"),
        ("[a, b][-1]", "b"),
    ],
)
def test_an_expression_is_simplified(before, after):
    assert simplified(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("np.full_like(a, s) * b", "np.multiply(s, b)"),
        ("b * np.full_like(a, s)", "np.multiply(s, b)"),
        ("np.full_like(a, s) / b", "np.divide(s, b)"),
        ("np.broadcast_to(s, a.shape) * b", "np.multiply(s, b)"),
        ("np.full_like(a, 1.0)", "np.ones_like(a)"),
        ("np.full_like(s, t)", "t"),
        ("-np.full_like(a, s)", "np.full_like(a, np.negative(s))"),
        ("2.0 * np.full_like(a, s)", "np.full_like(a, np.multiply(2.0, s))"),
        ("np.ones_like(a) * b", "b"),
    ],
)
def test_a_number_spread_over_an_array_stays_a_number(before, after):
    assert simplified(before) == after


@pytest.mark.parametrize(
    "expression",
    [
        "np.full_like(c, s) * a",
        "np.full_like(a, s) * c",
        "np.full_like(a, s) * t",
        "np.full_like(a, s) * unknown",
        "np.full_like(c, s) / a",
    ],
)
def test_a_number_is_spread_where_the_shape_would_be_lost(expression):
    assert "full_like" in simplified(expression)


@pytest.mark.parametrize("expression", ["0 * a", "a + 0", "0.0 - a", "True * a", "a / a", "a - a", "0.0 / a"])
def test_what_differs_for_nan_infinities_or_signed_zeros_stays(expression):
    assert simplified(expression) == shown(lower(*function(expression)).body).removeprefix("return ")


@pytest.mark.parametrize(
    "expression",
    [
        "np.multiply(a, 1, dtype=np.float64)",
        "np.divide(a > 0, 6, dtype=a.dtype)",
        "np.add(a, a, where=a > 0)",
    ],
)
def test_an_operation_with_options_stays(expression):
    assert simplified(expression) == shown(lower(*function(expression)).body).removeprefix("return ")


def test_a_variable_that_is_a_spread_number_is_one():
    def f(a, b, s):
        g = np.full_like(a, s)
        return g * b

    assert shown(fold(lower(f).body, KNOWN)).splitlines()[1] == "return np.multiply(s, b)"


def test_a_spread_number_that_changes_is_not_looked_through():
    def f(a, b, s):
        g = np.full_like(a, s)
        s = s + 1
        s = s * 2
        return g * b

    assert shown(fold(lower(f).body, KNOWN)).splitlines()[-1] == "return np.multiply(g, b)"


def test_nested_blocks_are_simplified():
    def f(a, n):
        for _ in range(n):
            if n:
                a = 1.0 * a
        return a

    assert "a = a" in shown(fold(lower(f).body, KNOWN))


# ---- values

EXACT = [
    "1.0 * a", "a * 1", "a / 1", "a - 0", "-(-a)", "a + a", "a + -b", "a * 2", "a * -b", "-a * b", "-a / b",
    "(a, b)[0]", "np.full_like(a, s) * b", "np.full_like(a, s) / b", "-np.full_like(a, s)", "np.ones_like(a) * b",
    "2.0 * np.full_like(a, s)", "np.broadcast_to(s, a.shape) * b",
]  # fmt: skip
REGROUPED = ["2 * (3 * a)", "3 * (a * b)", "a * (3 * b)", "2.0 * (3.0 / a)", "a * (1 / b)", "a * (s / b)"]


def written(expression):
    """The simplified expression as Python."""
    return simplified(expression).replace("np.negative", "-")


def values(expression, a, b, s):
    with np.errstate(all="ignore"):
        return eval(expression, {"np": np, "a": a, "b": b, "s": s})


PAIRS = [(x, y) for x in EDGES for y in EDGES]
LEFT, RIGHT = (np.array([pair[i] for pair in PAIRS]) for i in (0, 1))


@pytest.mark.parametrize("s", EDGES)
@pytest.mark.parametrize("expression", EXACT)
def test_a_rule_keeps_every_value_to_the_bit(expression, s):
    before, after = (values(e, LEFT, RIGHT, s) for e in (expression, written(expression)))
    np.testing.assert_array_equal(after, before)
    numbers = ~np.isnan(before)  # the sign of nan means nothing
    np.testing.assert_array_equal(np.signbit(after[numbers]), np.signbit(before[numbers]))


FAR_OUT = (TINY, HUGE)


@pytest.mark.parametrize("s", [-0.0, 1.0, -1.0, np.inf, np.nan, 3.5])
@pytest.mark.parametrize("expression", REGROUPED)
def test_a_rule_that_regroups_keeps_every_value_that_is_computed_without_overflow(expression, s):
    tame = ~(np.isin(np.abs(LEFT), FAR_OUT) | np.isin(np.abs(RIGHT), FAR_OUT))
    before, after = (values(e, LEFT[tame], RIGHT[tame], s) for e in (expression, written(expression)))
    np.testing.assert_allclose(after, before, rtol=1e-15)  # one rounding
