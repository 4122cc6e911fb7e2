"""A-normal form: every operation gets a name, its operands are names, constants or verbatim code.

Guarantee: the value of an assignment is an atom, or one operation on atoms. Indices and the bounds of a `range` made
of integers stay whole. `opt.nest` later puts back whatever name nobody else reads, so that in the end only what an
adjoint reads has got a name.

    h = np.tanh(w @ x + b)     ->     dot = w @ x
                                      total = dot + b
                                      h = np.tanh(total)
"""

from __future__ import annotations

import ast
from dataclasses import replace

from knetc.ir import nodes as ir
from knetc.ir.flow import integer_like
from knetc.ir.names import Namer
from knetc.ir.walk import all_writes, blocks, reads, rebuild, substitute, with_blocks

NAMES = {
    "+": "total",
    "-": "diff",
    "*": "prod",
    "/": "ratio",
    "**": "power",
    "@": "dot",
    "%": "rest",
    "//": "quotient",
}


def normalise(
    function: ir.Function, namer: Namer, wishes: dict[str, str] | None = None
) -> tuple[ir.Function, frozenset[str]]:
    """The function in A-normal form, and the names that were invented; `wishes` are the user's names of variables."""
    anf = Anf(namer, wishes or {})
    return replace(function, body=anf.block(function.body)), function.invented | frozenset(anf.temps)


def _apart(stmt: ir.Stmt) -> list[ir.Stmt]:
    """`xs, ys = [], []` as two assignments, so that each list is known to be new."""
    match stmt:
        case ir.Assign(target=ir.TupleExpr(items=targets), value=ir.TupleExpr(items=values)) if (
            len(targets) == len(values)
            and all(map(_is_name, targets))
            and all(isinstance(v, ir.ListExpr | ir.Const) and not reads(v) for v in values)
        ):
            return [replace(stmt, target=t, value=v) for t, v in zip(targets, values, strict=True)]
    return [stmt]


class Anf:
    """The normalisation of one function; `before` collects the statements to stand before the current one."""

    def __init__(self, namer: Namer, wishes: dict[str, str]) -> None:
        self.namer = namer
        self.wishes: dict[str, ir.Expr] = {name: ir.Name(wish) for name, wish in wishes.items()}
        self.temps: list[str] = []
        self.before: list[ir.Stmt] = []

    def block(self, block: ir.Block) -> ir.Block:
        """A block, each statement preceded by the names it needs."""
        out: list[ir.Stmt] = []
        for stmt in (part for whole in block for part in _apart(whole)):
            outer, self.before = self.before, []
            new = self.statement(stmt)
            before, self.before = self.before, outer
            out += [*before, with_blocks(new, self.block) if blocks(new) else new]
        return tuple(out)

    def statement(self, stmt: ir.Stmt) -> ir.Stmt:
        """One statement with its own expressions normalised."""
        match stmt:
            case ir.Assign(target=ir.Item()) | ir.Accumulate(target=ir.Item()):
                return self._store(stmt)
            case ir.Assign():
                return self._assign(stmt)
            case ir.Do(value=ir.Invoke(args=(item,)) as call):
                return replace(stmt, value=replace(call, args=(self.atom(item, stmt),)))
            case ir.Return():
                return replace(stmt, value=self.atom(stmt.value, stmt, "out"))
            case ir.For():
                return replace(stmt, iter=self.iterated(stmt.iter, stmt, all_writes(stmt.body)))
            case _:
                return stmt

    def _assign(self, stmt: ir.Assign) -> ir.Stmt:
        if isinstance(stmt.target, ir.TupleExpr):
            return replace(stmt, value=self.atom(stmt.value, stmt, "parts"))
        return replace(stmt, value=self.value(stmt.value, stmt))

    def _store(self, stmt: ir.Assign | ir.Accumulate) -> ir.Stmt:
        """A store: its index whole, its value an atom, or minus one."""
        assert isinstance(stmt.target, ir.Item)
        match stmt:
            case ir.Accumulate(value=ir.Apply(spelled="-", args=(operand,)) as minus):
                value: ir.Expr = replace(minus, args=(self.atom(operand, stmt),))
            case _:
                value = self.atom(stmt.value, stmt)
        return replace(
            stmt, target=replace(stmt.target, index=self.index(stmt.target.index, stmt)), value=value
        )

    def iterated(self, it: ir.Iter, stmt: ir.Stmt, bound: frozenset[str]) -> ir.Iter:
        """What a loop walks over: names that it does not bind itself, bounds of a range, verbatim code."""
        match it:
            case ir.Range():
                return ir.Range(tuple(e if integer_like(e) else self.atom(e, stmt) for e in it.args))
            case ir.Each(value=ir.Verbatim()):
                return it
            case ir.Each(value=ir.Name(id=name)) if name in bound:
                return ir.Each(self.named(it.value, stmt, "items"))
            case ir.Each():
                return ir.Each(self.atom(it.value, stmt, "items"))
            case ir.Zip():
                return ir.Zip(tuple(self.iterated(item, stmt, bound) for item in it.items))
            case ir.Enumerate():
                start = None if it.start is None else self.atom(it.start, stmt)
                return ir.Enumerate(self.iterated(it.inner, stmt, bound), start)

    def value(self, e: ir.Expr, stmt: ir.Stmt) -> ir.Expr:
        """One operation on atoms."""
        if isinstance(e, ir.DynamicCall) and isinstance(e.function, ir.Attr):
            receiver = replace(e.function, value=self.atom(e.function.value, stmt, "receiver"))
            args = tuple(self.atom(a, stmt) for a in e.args)
            return replace(
                e, function=receiver, args=args, kwargs=tuple((k, self.atom(v, stmt)) for k, v in e.kwargs)
            )
        if isinstance(e, ir.Item):
            return replace(e, value=self.atom(e.value, stmt), index=self.index(e.index, stmt))
        return rebuild(e, lambda child: self.atom(child, stmt))

    def index(self, e: ir.Expr, stmt: ir.Stmt) -> ir.Expr:
        """An index: integer arithmetic, slices and tuples stay, anything else gets a name."""
        if isinstance(e, ir.Slice | ir.TupleExpr):
            return rebuild(e, lambda child: self.index(child, stmt))
        return e if integer_like(e) else self.atom(e, stmt, "index")

    def atom(self, e: ir.Expr, stmt: ir.Stmt, wish: str = "") -> ir.Expr:
        """A name for the value of an expression."""
        if (
            isinstance(e, ir.Name | ir.Const)
            or _constants(e)
            or (isinstance(e, ir.Verbatim) and _repeatable(e))
        ):
            return e
        return self.named(self.value(e, stmt), stmt, _wish(substitute(e, self.wishes)) or wish or "value")

    def named(self, value: ir.Expr, stmt: ir.Stmt, wish: str) -> ir.Name:
        """A new name for a value, assigned in front of the present statement."""
        name = self.namer.fresh(wish)
        self.temps.append(name)
        self.before.append(ir.Assign(ir.Name(name), value, stmt.place))
        return ir.Name(name)


def _repeatable(e: ir.Verbatim) -> bool:
    """A dotted constant or a comparison, which may be evaluated again; a call may not."""
    simple = (ast.Attribute, ast.Name, ast.Constant, ast.expr_context, ast.UnaryOp, ast.unaryop)
    return all(isinstance(node, simple) for node in ast.walk(e.node))


def _constants(e: ir.Expr) -> bool:
    """A tuple of constants, such as an axis or a shape."""
    return isinstance(e, ir.TupleExpr) and all(isinstance(item, ir.Const) for item in e.items)


def _is_name(e: ir.Expr) -> bool:
    return isinstance(e, ir.Name)


def _wish(e: ir.Expr) -> str:
    """A name that says what the value is."""
    match e:
        case ir.Apply(spelled=str() as spelled):
            if len(e.args) == 1 and spelled in ("-", "+"):
                return "neg"
            word = spelled.strip(".()").rpartition(".")[2]
            return NAMES.get(spelled) or (
                "neg" if spelled in "+-" else f"{word}_out" if word.isidentifier() else "value"
            )
        case ir.Attr(value=ir.Name(id=name), name="T"):
            return f"{name}_T"
        case ir.Attr():
            return e.name
        case ir.Item(index=ir.Const(value=str() as key)) if key.isidentifier():
            return key
        case ir.Item(value=ir.Name(id=name), index=ir.Name(id=i)):
            return f"{name}_{i}"
        case ir.Item(value=ir.Name(id=name), index=ir.Const(value=int() as i)) if i >= 0:
            return f"{name}_{i}"
        case ir.Item(value=ir.Name(id=name), index=ir.TupleExpr(items=items)) if all(map(_is_name, items)):
            return f"{name}_{''.join(item.id for item in items if isinstance(item, ir.Name))}"
        case ir.Item(value=ir.Name(id=name)):
            return f"{name}_part"
        case ir.Call():
            return f"{e.spelled.rpartition('.')[2]}_out"
        case ir.DynamicCall(function=ir.Name(id=name)) | ir.DynamicCall(function=ir.Attr(name=name)):
            return f"{name}_out"
        case ir.ListExpr() | ir.TupleExpr():
            return "parts"
        case ir.DictExpr():
            return "table"
        case _:
            return ""
