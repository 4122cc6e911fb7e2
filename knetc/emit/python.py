"""From IR to Python syntax: the inverse of `front.lower`. What is printed comes from here."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from knetc.errors import Place
from knetc.ir import nodes as ir

BINARY: dict[str, ast.operator] = {
    "+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div(), "**": ast.Pow(), "@": ast.MatMult(),
    "%": ast.Mod(), "//": ast.FloorDiv(), "&": ast.BitAnd(), "|": ast.BitOr(),
}  # fmt: skip
UNARY: dict[str, ast.unaryop] = {"-": ast.USub(), "+": ast.UAdd(), "~": ast.Invert()}
COMPARE: dict[str, ast.cmpop] = {
    "<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE(), "==": ast.Eq(), "!=": ast.NotEq(),
}  # fmt: skip
LOAD, STORE = ast.Load(), ast.Store()


def origin(e: ir.Runtime) -> ir.Runtime:
    """What is imported for a name: numpy itself for `np.tanh`, the name for all others."""
    return ir.Runtime("", "numpy") if e.name.startswith("np.") else e


@dataclass
class Writer:
    """Writes IR as syntax; `aliases` are the names of imports, `places` where statements are from."""

    aliases: dict[ir.Runtime, str]
    places: dict[ast.stmt, Place] = field(default_factory=dict)

    # ---- expressions

    def expr(self, e: ir.Expr) -> ast.expr:
        """One expression."""
        match e:
            case ir.Name():
                return ast.Name(e.id, LOAD)
            case ir.Const():
                return _constant(e.value)
            case ir.Runtime():
                return self.name(e)
            case ir.Apply():
                return self._apply(e)
            case ir.Call(owner=None):
                return self._called(dotted(e.spelled), e.args, e.kwargs)
            case ir.Call():
                return self._method(e)
            case ir.DynamicCall() | ir.Invoke():
                return self._called(self.expr(e.function), e.args, e.kwargs)
            case ir.Attr():
                return ast.Attribute(self.expr(e.value), e.name, LOAD)
            case ir.Item():
                return ast.Subscript(self.expr(e.value), self.expr(e.index), LOAD)
            case ir.Slice():
                return ast.Slice(*(None if p is None else self.expr(p) for p in (e.lower, e.upper, e.step)))
            case ir.TupleExpr():
                return ast.Tuple(list(map(self.expr, e.items)), LOAD)
            case ir.ListExpr():
                return ast.List(list(map(self.expr, e.items)), LOAD)
            case ir.DictExpr():
                return ast.Dict(list(map(self.expr, e.keys)), list(map(self.expr, e.values)))
            case ir.Verbatim():
                return e.node

    def _method(self, e: ir.Call) -> ast.expr:
        """A method called on its first argument."""
        receiver, name = self.expr(e.args[0]), e.function.__name__
        callee = receiver if name == "__call__" else ast.Attribute(receiver, name, LOAD)
        return self._called(callee, e.args[1:], e.kwargs)

    def name(self, e: ir.Runtime) -> ast.expr:
        """An imported name, under its alias."""
        home = origin(e)
        alias = self.aliases.get(home, e.name)
        return dotted(alias if home.name else f"{alias}.{e.name.removeprefix('np.')}")

    def _apply(self, e: ir.Apply) -> ast.expr:
        if isinstance(e.spelled, ir.Runtime):
            return self._called(self.name(e.spelled), e.args, e.kwargs)
        sign = e.spelled.removesuffix("=") if e.spelled not in COMPARE else e.spelled
        if sign in COMPARE:
            return ast.Compare(self.expr(e.args[0]), [COMPARE[sign]], [self.expr(e.args[1])])
        if sign in BINARY and len(e.args) == 2:
            return ast.BinOp(self.expr(e.args[0]), BINARY[sign], self.expr(e.args[1]))
        if sign in UNARY:
            return ast.UnaryOp(UNARY[sign], self.expr(e.args[0]))
        if not sign.startswith("."):
            return self._called(dotted(sign), e.args, e.kwargs)
        attribute = ast.Attribute(self.expr(e.args[0]), sign[1:].removesuffix("()"), LOAD)
        return self._called(attribute, e.args[1:], e.kwargs) if sign.endswith("()") else attribute

    def _called(
        self, f: ast.expr, args: tuple[ir.Expr, ...], kwargs: tuple[tuple[str, ir.Expr], ...]
    ) -> ast.expr:
        return ast.Call(
            f, list(map(self.argument, args)), [ast.keyword(k, self.argument(v)) for k, v in kwargs]
        )

    def argument(self, e: ir.Expr) -> ast.expr:
        """An argument: outside brackets, `1:` has to be said as `slice(1, None)`."""
        match e:
            case ir.Slice():
                parts = [
                    ast.Constant(None) if p is None else self.expr(p) for p in (e.lower, e.upper, e.step)
                ]
                return ast.Call(dotted("slice"), parts, [])
            case ir.TupleExpr():
                return ast.Tuple(list(map(self.argument, e.items)), LOAD)
            case _:
                return self.expr(e)

    def target(self, e: ir.Expr) -> ast.expr:
        """What is assigned to."""
        match e:
            case ir.Name():
                return ast.Name(e.id, STORE)
            case ir.Attr():
                return ast.Attribute(self.expr(e.value), e.name, STORE)
            case ir.Item():
                return ast.Subscript(self.expr(e.value), self.expr(e.index), STORE)
            case ir.TupleExpr():
                return ast.Tuple(list(map(self.target, e.items)), STORE)
            case _:
                raise TypeError(e)

    def iteration(self, it: ir.Iter) -> ast.expr:
        """What a `for` walks over."""
        match it:
            case ir.Range():
                return self._called(dotted("range"), it.args, ())
            case ir.Each():
                return self.expr(it.value)
            case ir.Zip():
                return ast.Call(dotted("zip"), list(map(self.iteration, it.items)), [])
            case ir.Enumerate():
                start = [] if it.start is None else [self.expr(it.start)]
                return ast.Call(dotted("enumerate"), [self.iteration(it.inner), *start], [])

    # ---- statements

    def block(self, block: ir.Block) -> list[ast.stmt]:
        """A block; an empty one is `pass`."""
        return [self.statement(s) for s in block] or [ast.Pass()]

    def statement(self, stmt: ir.Stmt) -> ast.stmt:
        """One statement, with a note of where it comes from."""
        node = self._statement(stmt)
        if stmt.place is not None:
            self.places[node] = stmt.place
        return node

    def _statement(self, stmt: ir.Stmt) -> ast.stmt:
        match stmt:
            case ir.Assign():
                return self._assign(stmt)
            case ir.Accumulate():
                return self._accumulate(stmt)
            case ir.Do():
                return ast.Expr(self.expr(stmt.value))
            case ir.Opaque():
                return stmt.node
            case ir.If():
                return ast.If(
                    self.expr(stmt.test),
                    self.block(stmt.then),
                    self.block(stmt.orelse) if stmt.orelse else [],
                )
            case ir.For():
                return ast.For(self.target(stmt.target), self.iteration(stmt.iter), self.block(stmt.body), [])
            case ir.While():
                return ast.While(self.expr(stmt.test), self.block(stmt.body), [])
            case ir.Break():
                return ast.Break()
            case ir.Continue():
                return ast.Continue()
            case ir.Return():
                return ast.Return(self.expr(stmt.value))
            case ir.Record() | ir.Replay():
                msg = "records and replays are linked before anything is printed"
                raise TypeError(msg)

    def _accumulate(self, stmt: ir.Accumulate) -> ast.stmt:
        target = self.target(stmt.target)
        assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        match stmt.value:
            case ir.Apply(spelled="-", args=(value,)):
                return ast.AugAssign(target, ast.Sub(), self.expr(value))
            case ir.Const(value=int() | float() as number) if number < 0:
                return ast.AugAssign(target, ast.Sub(), ast.Constant(-number))
            case _:
                return ast.AugAssign(target, ast.Add(), self.expr(stmt.value))

    def _assign(self, stmt: ir.Assign) -> ast.stmt:
        match stmt.target, stmt.value:
            case ir.Name(id=name), ir.Apply(spelled=str() as sign, args=(ir.Name(id=same), more)) if (
                name == same and sign.endswith("=") and sign[:-1] in BINARY
            ):
                return ast.AugAssign(ast.Name(name, STORE), BINARY[sign[:-1]], self.expr(more))
            case _:
                return ast.Assign([self.target(stmt.target)], self.expr(stmt.value))

    # ---- functions

    def function(self, f: ir.Function) -> ast.FunctionDef:
        """A function with its docstring."""
        doc: list[ast.stmt] = [ast.Expr(ast.Constant(f.doc))] if f.doc else []
        body = doc + self.block(f.body)
        return ast.FunctionDef(f.name, self._params(f.params), body, [], None, None)

    def _params(self, params: tuple[ir.Param, ...]) -> ast.arguments:
        def of(kind: str) -> list[ir.Param]:
            return [p for p in params if p.kind == kind]

        plain = [*of("POSITIONAL_ONLY"), *of("POSITIONAL_OR_KEYWORD")]
        defaults = [self.expr(p.default) for p in plain if p.default is not None]
        keywords = of("KEYWORD_ONLY")
        return ast.arguments(
            posonlyargs=[ast.arg(p.name) for p in of("POSITIONAL_ONLY")],
            args=[ast.arg(p.name) for p in of("POSITIONAL_OR_KEYWORD")],
            vararg=None,
            kwonlyargs=[ast.arg(p.name) for p in keywords],
            kw_defaults=[None if p.default is None else self.expr(p.default) for p in keywords],
            kwarg=None,
            defaults=defaults,
        )


def dotted(name: str) -> ast.expr:
    """`np.linalg.norm` as syntax."""
    first, *rest = name.split(".")
    node: ast.expr = ast.Name(first, LOAD)
    for part in rest:
        node = ast.Attribute(node, part, LOAD)
    return node


def _constant(value: object) -> ast.expr:
    """A constant; a negative number as Python writes it."""
    if isinstance(value, int | float) and not isinstance(value, bool) and (value < 0 or str(value) == "-0.0"):
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)  # type: ignore[arg-type]
