"""Walking and rebuilding the IR."""

# ruff: noqa: B905  programs for the compiler are written in every way
from __future__ import annotations

import ast

import numpy as np
import pytest

from knetc.front.lower import lower
from knetc.ir import nodes as ir
from knetc.ir import walk
from knetc.ir.show import show, text
from knetc.ops.registry import OPS
from tests.stages import shown

A, B, C = map(ir.Name, "abc")
PLUS = ir.Apply(OPS[np.add], (A, B), (("out", C),), "+")
SLICE = ir.Slice(A, None, B)
EXPRESSIONS = [
    (A, []),
    (ir.Const(1), []),
    (ir.Runtime("np.tanh", "numpy"), []),
    (ir.Verbatim(ast.Name("a"), frozenset("a")), []),
    (PLUS, [A, B, C]),
    (ir.Call(len, "len", (A,), (("k", B),)), [A, B]),
    (ir.DynamicCall(A, (B,), (("k", C),)), [A, B, C]),
    (ir.Invoke(A, (B,), (("k", C),)), [A, B, C]),
    (ir.Attr(A, "w"), [A]),
    (ir.Item(A, B), [A, B]),
    (SLICE, [A, B]),
    (ir.TupleExpr((A, B)), [A, B]),
    (ir.ListExpr((B, A)), [B, A]),
    (ir.DictExpr((A,), (B,)), [A, B]),
]


def program(a, b, c):
    x, (y, z) = a, b
    for i, (r, s) in enumerate(zip(x, range(c))):
        x = x + r * s
        if i > y:
            while y:
                y = y[i]
                break
        print(z)
    return x


@pytest.mark.parametrize(("expr", "parts"), EXPRESSIONS, ids=lambda v: type(v).__name__)
def test_children_are_the_parts_in_order(expr, parts):
    assert list(walk.children(expr)) == parts


@pytest.mark.parametrize(("expr", "parts"), EXPRESSIONS, ids=lambda v: type(v).__name__)
def test_rebuild_changes_exactly_the_children(expr, parts):
    assert walk.rebuild(expr, lambda e: e) == expr
    changed = walk.rebuild(expr, lambda e: ir.Name(e.id + "_"))
    assert walk.children(changed) == tuple(ir.Name(p.id + "_") for p in parts)


def test_subexpressions_come_outermost_first():
    e = ir.Item(ir.Attr(A, "w"), B)
    assert list(walk.subexpressions(e)) == [e, e.value, A, B]


def test_reads_are_names_everywhere_in_an_expression():
    verbatim = ir.Verbatim(ast.Name("d", ast.Load()), frozenset("d"))
    assert walk.reads(ir.TupleExpr((PLUS, ir.Item(A, SLICE), verbatim))) == set("abcd")


def test_substitute_replaces_names_by_expressions():
    assert text(walk.substitute(ir.Item(A, PLUS), {"a": ir.Attr(C, "w")})) == "c.w[np.add(c.w, b, out=c)]"


def test_substitute_is_simultaneous():
    assert walk.substitute(ir.TupleExpr((A, B)), {"a": B, "b": A}) == ir.TupleExpr((B, A))


# ---- statements


def test_target_names_are_those_of_nested_tuples():
    assert walk.target_names(ir.TupleExpr((A, ir.TupleExpr((B, C))))) == ("a", "b", "c")
    assert walk.target_names(ir.Item(A, B)) == ()


@pytest.mark.parametrize(
    ("stmt", "reads", "writes"),
    [
        (ir.Assign(A, PLUS), "abc", "a"),
        (ir.Assign(ir.Item(A, B), C), "abc", ""),
        (ir.Accumulate(A, B), "ab", "a"),
        (ir.Accumulate(ir.Attr(A, "w"), B), "ab", ""),
        (ir.Do(A), "a", ""),
        (ir.Return(A), "a", ""),
        (ir.If(A, (ir.Return(B),), ()), "a", ""),
        (ir.While(A, (ir.Return(B),)), "a", ""),
        (ir.For(A, ir.Zip((ir.Each(B), ir.Range((C,)))), ()), "bc", "a"),
        (ir.For(A, ir.Enumerate(ir.Each(B), C), ()), "bc", "a"),
        (ir.Opaque(ast.Pass(), frozenset("b"), frozenset("c"), frozenset("a")), "b", "c"),
        (ir.Replay("s", ir.While(A, ()), "k", "l", jumps=False, body=(), binds=frozenset("b")), "", "b"),
        (ir.Break(), "", ""),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_a_statement_reads_and_writes_itself(stmt, reads, writes):
    assert (walk.own_reads(stmt), walk.own_writes(stmt)) == (set(reads), set(writes))


def test_statements_come_in_textual_order():
    kinds = [type(s).__name__ for s in walk.statements(lower(program).body)]
    assert kinds == ["Assign", "For", "Assign", "If", "While", "Assign", "Break", "Opaque", "Return"]


def test_all_reads_and_writes_are_those_of_nested_blocks():
    body = lower(program).body
    assert walk.all_writes(body) == set("xyzirs")
    assert walk.all_reads(body) == set("abcxyzirs")


def test_a_block_is_renamed_everywhere():
    renamed = walk.rename_block(lower(program).body, {"x": "u", "y": "v", "i": "k", "z": "t"})
    assert shown(renamed).splitlines() == [
        "(u, (v, t)) = (a, b)",
        "for (k, (r, s)) in enumerate(zip(u, range(c)))",
        "  u = np.add(u, np.multiply(r, s))",
        "  if verbatim k > v",
        "    while v",
        "      v = v[k]",
        "      break",
        "  opaque print(t)",
        "return u",
    ]


def test_with_blocks_reaches_both_branches():
    stmt = ir.If(A, (ir.Break(),), (ir.Continue(),))
    assert walk.with_blocks(stmt, lambda block: block * 2) == ir.If(
        A, (ir.Break(),) * 2, (ir.Continue(),) * 2
    )


def test_map_expressions_leaves_nested_blocks_alone():
    stmt = ir.If(A, (ir.Return(A),), ())
    assert walk.map_expressions(stmt, lambda e: B) == ir.If(B, (ir.Return(A),), ())


def test_the_identity_changes_nothing():
    f = lower(program)
    assert show(f) == show(lower(program))
    assert shown(walk.rename_block(f.body, {})) == shown(f.body)
