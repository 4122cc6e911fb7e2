"""Rules called on symbols print themselves."""

from __future__ import annotations

import numpy as np
import pytest

from knetc.diff.symbol import Symbol, Unknown, apply, expression, reference, symbolic
from knetc.ir import nodes as ir
from knetc.ir.show import text
from knetc.ops.container import length
from knetc.ops.registry import OPS
from knetc.runtime.mirror import zero
from tests.stages import facts

FACTS = facts(x=np.ones((2, 3)), y=np.ones(3), s=2.0, unknown=object())
X, Y, S, U = (Symbol(ir.Name(name), FACTS) for name in ("x", "y", "s", "unknown"))


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        (lambda: 1 - Y * Y, "np.subtract(1, np.multiply(y, y))"),
        (lambda: 2.0 / X**2 + -Y, "np.add(np.divide(2.0, np.power(x, 2)), np.negative(y))"),
        (lambda: X.T @ Y, "np.matmul(x.T, y)"),
        (lambda: np.cos(X) * np.float64(2.0), "np.multiply(np.cos(x), 2.0)"),
        (lambda: np.sum(X, axis=(0, 1)), "np.sum(x, axis=(0, 1))"),
        (lambda: X.sum(axis=0), "np.sum(x, axis=0)"),
        (lambda: X[1:, None] + X[..., S], "np.add(x[(1::, None)], x[(Ellipsis, s)])"),
        (lambda: np.reshape(Y, X.shape), "np.reshape(y, x.shape)"),
        (lambda: Y / X.size, "np.divide(y, x.size)"),
        (lambda: (X > 0) & ~(Y == 1), "np.bitwise_and(np.greater(x, 0), np.invert(np.equal(y, 1)))"),
        (lambda: 2 // X % 3, "np.remainder(np.floor_divide(2, x), 3)"),
        (lambda: abs(X), "np.absolute(x)"),
        (lambda: np.where(X > 0, X, 0.0), "np.where(np.greater(x, 0), x, 0.0)"),
        (lambda: np.stack([X, X]), "np.stack([x, x])"),
    ],
)
def test_a_rule_prints_as(rule, printed):
    assert text(rule().expr) == printed


@pytest.mark.parametrize(("symbol", "rank"), [(X, 2), (Y, 1), (S, 0)])
def test_a_rank_that_kinds_tell_is_a_number(symbol, rank):
    assert symbol.ndim == np.ndim(symbol) == rank


@pytest.mark.parametrize(
    "question",
    [
        lambda: bool(X > 0),
        lambda: len(X),
        lambda: list(X),
        lambda: float(S),
        lambda: range(S),
        lambda: 1.0 in X,
        lambda: U.ndim,
        lambda: np.add.reduce(X),
    ],
)
def test_what_only_the_run_can_tell_is_unknown(question):
    with pytest.raises(Unknown):
        question()


def test_an_attribute_without_rule_is_an_attribute_error():
    with pytest.raises(AttributeError, match="flat"):
        X.flat


@pytest.mark.parametrize("value", [np.tanh, lambda: 1, np.ones(3), object(), {1, 2}])
def test_a_value_that_cannot_be_printed_is_unknown(value):
    with pytest.raises(Unknown):
        expression(value)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ((1, X), "(1, x)"),
        ([None, "k"], "[None, 'k']"),
        (slice(1, None), "1::"),
        (..., "Ellipsis"),
        (True, "True"),
    ],
)
def test_values_become_expressions(value, printed):
    assert text(expression(value)) == printed


def test_constants_reach_a_rule_as_they_are():
    assert symbolic(ir.Const(3), FACTS) == 3
    assert symbolic(ir.TupleExpr((ir.Const(0), ir.Const(1))), FACTS) == (0, 1)
    assert isinstance(symbolic(ir.Name("x"), FACTS), Symbol)


@pytest.mark.parametrize(
    ("function", "name", "module"),
    [
        (np.tanh, "np.tanh", "numpy"),
        (np.sum, "np.sum", "numpy"),
        (np.linalg.inv, "np.linalg.inv", "numpy"),
        (zero, "zero", "knetc.runtime.mirror"),
        (length, "len", "builtins"),
    ],
)
def test_how_generated_code_names_a_function(function, name, module):
    assert reference(function) == ir.Runtime(name, module)


def test_a_function_with_a_rule_is_an_op():
    assert apply(np.tanh, (X,), {}).op is OPS[np.tanh]
    assert isinstance(apply(zero, (X,), {}), ir.Invoke)
