"""A cotangent is added to in place only where nobody else sees it."""

# ruff: noqa: E741, F841  programs for the compiler are written in every way
from __future__ import annotations

import numpy as np
import pytest

from knetc.diff.ownership import make_owned, shared_by, stored_in
from knetc.front.lower import lower
from knetc.ir import nodes as ir
from tests.stages import expected, facts, generated, shown

KNOWN = facts(x_bar=np.ones(3), y_bar=np.ones(3), z_bar=np.ones(3), g=np.ones(3), y=np.ones(3), i=1)
X_BAR, Y_BAR, G, I = map(ir.Name, ("x_bar", "y_bar", "g", "i"))


def alias(y_bar, g, x):
    x_bar = y_bar
    z_bar = x
    x_bar += g
    return x_bar


def fresh(y, g, x):
    x_bar = g * y
    z_bar = x
    x_bar += g
    return x_bar, z_bar


def given_away(y, g):
    x_bar = g * y
    y_bar = x_bar
    x_bar += g
    return x_bar, y_bar


def assigned_then_added(y, g):
    x_bar = g * y
    x_bar += g
    return x_bar


def zeros_then_added(y, g):
    x_bar = np.zeros_like(y)
    x_bar += g
    return x_bar


def added_twice(y_bar, g, x):
    x_bar = y_bar
    z_bar = x
    x_bar += g
    z_bar = x * g
    x_bar += z_bar
    return x_bar


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (alias, "x_bar = np.add(x_bar, g)"),
        (fresh, "x_bar += g"),
        (given_away, "x_bar = np.add(x_bar, g)"),
        (assigned_then_added, "x_bar = np.add(np.multiply(g, y), g)"),
        (zeros_then_added, "x_bar += g"),
    ],
)
def test_an_addition_becomes(function, line):
    assert line in shown(make_owned(generated(function), KNOWN)).splitlines()


def test_after_an_addition_that_made_a_new_array_the_next_is_in_place():
    text = shown(make_owned(generated(added_twice), KNOWN))
    assert "x_bar = np.add(x_bar, g)" in text
    assert "x_bar += z_bar" in text


def store(target):
    return ir.Accumulate(ir.Item(target, I), G)


def test_the_first_store_into_an_alias_is_into_a_copy():
    block = (ir.Assign(X_BAR, Y_BAR), store(X_BAR), store(X_BAR))
    assert shown(make_owned(block, KNOWN)) == expected("""
        x_bar = np.copy(y_bar)
        x_bar[i] += g
        x_bar[i] += g
    """)


def test_a_store_into_zeros_needs_no_copy():
    zeros = lower(zeros_then_added).body[0]
    block = (zeros, store(X_BAR))
    assert make_owned(block, KNOWN) == block


def replay(*body):
    return ir.Replay("steps", ir.While(G, ()), "k", "leave", jumps=False, body=body)


def test_what_a_loop_stores_into_is_copied_in_front_of_it():
    block = (ir.Assign(X_BAR, Y_BAR), replay(store(X_BAR)))
    assert shown(make_owned(block, KNOWN)) == expected("""
        x_bar = np.copy(y_bar)
        replay steps
          x_bar[i] += g
    """)


def test_what_every_round_binds_anew_is_copied_in_the_round():
    block = (replay(ir.Assign(X_BAR, Y_BAR), store(X_BAR)),)
    assert shown(make_owned(block, KNOWN)) == expected("""
        replay steps
          x_bar = np.copy(y_bar)
          x_bar[i] += g
    """)


def test_only_what_both_branches_own_is_owned():
    fresh_ = ir.Assign(X_BAR, ir.Invoke(ir.Runtime("np.copy", "numpy"), (G,)))
    branch = ir.If(G, (fresh_,), (ir.Assign(X_BAR, Y_BAR),))
    add = ir.Accumulate(X_BAR, G)
    assert "x_bar = np.add(x_bar, g)" in shown(make_owned((branch, add), KNOWN))
    assert "x_bar += g" in shown(make_owned((replace_orelse(branch, fresh_), add), KNOWN))


def replace_orelse(branch, stmt):
    return ir.If(branch.test, branch.then, (stmt,))


def test_stores_are_found_in_nested_blocks():
    add_item = ir.Invoke(ir.Runtime("add_item", "knetc.runtime.accumulate"), (Y_BAR, I, G))
    assert stored_in((replay(store(X_BAR)), ir.If(G, (ir.Do(add_item),), ()))) == {"x_bar", "y_bar"}


@pytest.mark.parametrize("expression", ["x * 2", "np.zeros_like(x)", "np.sum(x)", "x @ x", "1.0"])
def test_what_an_operation_makes_shares_nothing(expression):
    assert shared_by(parsed(expression)) == set()


@pytest.mark.parametrize(
    "expression", ["x", "x.T", "x[0]", "np.reshape(x, -1)", "[x]", "np.broadcast_to(x, 3)"]
)
def test_views_and_containers_share(expression):
    assert "x" in shared_by(parsed(expression))


def parsed(expression):
    text = f"def f(x):\n    return {expression}"
    namespace = {"np": np}
    exec(text, namespace)
    return lower(namespace["f"], text).body[-1].value
