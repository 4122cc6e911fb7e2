"""Each check finds the guarantee that a stage broke."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from knetc.front.lower import lower
from knetc.ir import nodes as ir
from knetc.ir.verify import Broken, anormal, closed, linked
from knetc.ops.registry import OPS
from tests.stages import anf

A, B = ir.Name("a"), ir.Name("b")
LOOP = ir.While(A, ())


def nested(x, i):
    y = np.tanh(x * x)
    return y[i + 1]


def function(*body):
    return ir.Function("f", (ir.Param("a"),), body)


def test_an_operation_in_an_operation_is_not_a_normal():
    with pytest.raises(Broken, match=r"nested: .* is not in A-normal form"):
        anormal(lower(nested))


def test_what_anf_makes_is_a_normal():
    anormal(anf(nested)[0])


def test_arithmetic_in_an_index_is_allowed():
    index = ir.Apply(OPS[np.add], (A, ir.Const(1)), (), "+")
    anormal(function(ir.Assign(B, ir.Item(A, index))))


def test_a_list_in_an_operation_is_not_a_normal():
    with pytest.raises(Broken, match="A-normal form"):
        anormal(function(ir.Assign(B, ir.Apply(OPS[np.stack], (ir.ListExpr((A,)),), (), "np.stack"))))


def test_a_name_that_nothing_binds_is_found():
    with pytest.raises(Broken, match="f reads b, c, which nothing binds"):
        closed(function(ir.Return(ir.TupleExpr((A, B, ir.Name("c"))))), frozenset())


def test_bound_names_and_other_functions_are_closed():
    closed(function(ir.Assign(B, ir.Invoke(ir.Name("g"), (A,))), ir.Return(B)), frozenset("g"))


def test_globals_and_cells_of_the_origin_are_closed():
    closed(lower(nested), frozenset())


@pytest.mark.parametrize(
    "stmt",
    [ir.Record("steps"), ir.Replay("steps", LOOP, "k", "l", jumps=False, body=())],
    ids=["record", "replay"],
)
def test_a_record_that_was_not_linked_is_found(stmt):
    with pytest.raises(Broken, match=r"f: (Record|Replay) is left over"):
        linked(function(ir.If(A, (stmt,), ())))


def test_a_name_that_only_tells_two_uses_apart_is_found():
    with pytest.raises(Broken, match="f: the name 'a@before' is left over"):
        linked(function(ir.Return(ir.Name("a@before"))))


def test_what_can_be_printed_is_linked():
    linked(function(ir.Opaque(ast.Pass(), frozenset(), frozenset()), ir.Return(A)))
