"""Checks that run between the stages of the pipeline: a broken guarantee is found where it broke."""

from __future__ import annotations

from knetc.ir import nodes as ir
from knetc.ir.walk import all_reads, all_writes, own_expressions, statements, subexpressions


class Broken(AssertionError):
    """A stage did not keep its guarantee: a bug in knetc."""


def anormal(function: ir.Function) -> None:
    """In A-normal form, an assignment holds at most one operation."""
    for stmt in statements(function.body):
        if isinstance(stmt, ir.Assign):
            _one_operation(stmt, function)


OPERATIONS = (ir.Apply, ir.Call, ir.DynamicCall, ir.ListExpr, ir.DictExpr)


def _one_operation(stmt: ir.Assign, function: ir.Function) -> None:
    inner: list[ir.Expr] = [
        e for e in subexpressions(stmt.value) if isinstance(e, OPERATIONS) and e is not stmt.value
    ]
    if isinstance(stmt.value, ir.Item):
        inner = [e for e in subexpressions(stmt.value.value) if isinstance(e, OPERATIONS)]
    if inner or (isinstance(stmt.value, ir.Call) and any(isinstance(e, ir.Attr) for e in stmt.value.args)):
        raise Broken(f"{function.name}: `{stmt.value}` is not in A-normal form")


def closed(function: ir.Function, others: frozenset[str]) -> None:
    """Every name that generated code reads is a parameter, bound in it, another function's, or the user's."""
    own = {p.name for p in function.params} | all_writes(function.body)
    code = getattr(function.origin, "__code__", None)
    outside = {*code.co_names, *code.co_freevars} if code is not None else set()
    unknown = all_reads(function.body) - own - others - outside
    if unknown:
        raise Broken(f"{function.name} reads {', '.join(sorted(unknown))}, which nothing binds")


def linked(function: ir.Function) -> None:
    """Nothing that cannot be printed is left, and no name that only tells two uses apart."""
    for stmt in statements(function.body):
        if isinstance(stmt, ir.Record | ir.Replay):
            raise Broken(f"{function.name}: {type(stmt).__name__} is left over")
        for expr in own_expressions(stmt):
            for e in subexpressions(expr):
                if isinstance(e, ir.Name) and not e.id.isidentifier():
                    raise Broken(f"{function.name}: the name {e.id!r} is left over")
