"""The dump of the IR: one statement a line, one spelling an op."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from knetc.ir import nodes as ir
from knetc.ir.show import iteration, show, text
from knetc.ops.registry import OPS
from tests.stages import expected

A, B = ir.Name("a"), ir.Name("b")


@pytest.mark.parametrize(
    ("expr", "line"),
    [
        (ir.Const("s"), "'s'"),
        (ir.Const(-0.0), "-0.0"),
        (ir.Runtime("np.pi", "numpy"), "np.pi"),
        (ir.Apply(OPS[np.multiply], (A, B), (), "*"), "np.multiply(a, b)"),
        (ir.Apply(OPS[np.sum], (A,), (("axis", ir.Const(0)),), ".sum()"), "np.sum(a, axis=0)"),
        (ir.Call(len, "m.f", (A,), (("k", B),)), "call m.f(a, k=b)"),
        (ir.DynamicCall(ir.Attr(A, "f"), (B,), ()), "dynamic a.f(b)"),
        (ir.Invoke(ir.Runtime("zero", "knetc"), (A,)), "zero(a)"),
        (ir.Item(A, ir.TupleExpr((ir.Slice(None, B, None), ir.Const(...)))), "a[(:b:, Ellipsis)]"),
        (ir.ListExpr((A, ir.DictExpr((ir.Const("k"),), (B,)))), "[a, {'k': b}]"),
        (ir.Verbatim(ast.parse("a if b else 1", mode="eval").body, frozenset()), "verbatim a if b else 1"),
    ],
)
def test_an_expression_is_shown_as(expr, line):
    assert text(expr) == line


@pytest.mark.parametrize(
    ("it", "line"),
    [
        (ir.Range((A, B)), "range(a, b)"),
        (ir.Each(A), "a"),
        (ir.Zip((ir.Each(A), ir.Range((B,)))), "zip(a, range(b))"),
        (ir.Enumerate(ir.Each(A), None), "enumerate(a)"),
        (ir.Enumerate(ir.Each(A), B), "enumerate(a, b)"),
    ],
)
def test_an_iteration_is_shown_as(it, line):
    assert iteration(it) == line


def test_a_function_is_shown_with_nested_blocks_indented():
    loop = ir.For(A, ir.Each(B), (ir.Continue(), ir.Record("steps", 2)))
    replay = ir.Replay("steps", loop, "k", "leave", jumps=False, body=(ir.Accumulate(A, B),))
    branch = ir.If(A, (ir.Do(B),), (ir.While(A, (ir.Break(),)),))
    opaque = ir.Opaque(ast.parse("with a:\n    pass").body[0], frozenset(), frozenset())
    body = (loop, replay, branch, ir.If(A, (ir.Break(),), ()), opaque, ir.Return(A))
    assert show(ir.Function("f", (ir.Param("a"), ir.Param("b")), body)) == expected("""
        function f(a, b)
          for a in b
            continue
            record steps way 2
          replay steps
            a += b
          if a
            b
          else
            while a
              break
          if a
            break
          opaque with a:
          opaque     pass
          return a
    """)
