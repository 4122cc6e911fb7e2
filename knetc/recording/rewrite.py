"""Rewrites the source of a function so that every operation goes through the tape.

    y[i] += w * f(x)    ->    tape.changed_at(y)[i] += tape.op("*", w, tape.call(f, x))

Control flow, names, containers and their displays, comparisons and everything else that moves values without computing
stays as it is. Names keep their scopes: the tape is a captured variable.
"""

from __future__ import annotations

import ast
import builtins
import types
from typing import Any

from knetc.errors import Refusal
from knetc.front.resolve import UNKNOWN, free_value
from knetc.front.source import Source
from knetc.recording.operators import BINARY, UNARY
from knetc.recording.targets import bound_names, drop_annotations, is_constant, literal, nested, pattern

PLAIN_CALLS = frozenset(
    {
        *(super, locals, globals, vars, dir, len, isinstance, issubclass, range, print, type, repr, str, id),
        *(hash, callable, hasattr, slice, int, bool, open, format, object),
    }
)
"""Builtins that compute nothing with derivatives, or that look at the frame they are called from."""

SYMBOL = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~",
}  # fmt: skip
assert set(SYMBOL.values()) == {*BINARY, *UNARY}


class Rewriter(ast.NodeTransformer):
    """Rewrites one definition; `tape` is the name under which it finds the tape."""

    def __init__(self, source: Source, tape: str) -> None:
        self.source = source
        self.tape = tape
        self.bound = bound_names(source.definition)

    def _tape(self, method: str, *args: ast.expr, at: ast.AST) -> Any:
        called = ast.Attribute(ast.Name(self.tape, ast.Load()), method, ast.Load())
        return ast.copy_location(ast.Call(called, list(args), []), at)

    def _visited(self, node: ast.expr) -> ast.expr:
        found: ast.expr = self.visit(node)
        return found

    # ---- operators

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        if is_constant(node):
            return node
        left, right = self._visited(node.left), self._visited(node.right)
        return self._tape("op", ast.Constant(SYMBOL[type(node.op)]), left, right, at=node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        operand = self._visited(node.operand)
        if isinstance(node.op, ast.Not) or is_constant(node.operand):
            return ast.copy_location(ast.UnaryOp(node.op, operand), node)
        return self._tape("op", ast.Constant(SYMBOL[type(node.op)]), operand, at=node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        value = self._visited(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            own = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            changed = self._tape("in_place", ast.Constant(SYMBOL[type(node.op)]), own, value, at=node)
            return ast.copy_location(ast.Assign([target], changed), node)
        owner = self._tape(
            "changed_at" if isinstance(target, ast.Subscript) else "changed_in",
            self._visited(target.value),
            at=target,
        )
        if isinstance(target, ast.Subscript):
            new: Any = ast.Subscript(owner, self._visited(target.slice), ast.Store())
        else:
            new = ast.Attribute(owner, target.attr, ast.Store())
        return ast.copy_location(ast.AugAssign(ast.copy_location(new, target), node.op, value), node)

    # ---- items and attributes

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        if self._is_outside(node.value):
            return ast.copy_location(ast.Subscript(node.value, self._visited(node.slice), node.ctx), node)
        owner = self._tape("at", self._visited(node.value), at=node)
        return ast.copy_location(ast.Subscript(owner, self._visited(node.slice), node.ctx), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if self._is_outside(node.value):
            return node
        owner = self._tape("of", self._visited(node.value), at=node)
        return ast.copy_location(ast.Attribute(owner, node.attr, node.ctx), node)

    def _is_outside(self, node: ast.expr) -> bool:
        """Whether an expression is a module or a class outside, whose attributes are what they are."""
        return isinstance(self._outside(node), (types.ModuleType, type))

    def _outside(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name) and node.id not in self.bound:
            return free_value(self.source.function, node.id)
        if isinstance(node, ast.Attribute):
            owner = self._outside(node.value)
            if isinstance(owner, types.ModuleType):
                return getattr(owner, node.attr, UNKNOWN)
        return UNKNOWN

    # ---- calls

    def visit_Call(self, node: ast.Call) -> Any:
        called = self._outside(node.func)
        if _is_one_of(called, (eval, exec)) or (_is_one_of(called, (locals, vars, dir)) and not node.args):
            raise self._refusal(f"`{called.__name__}`", node, "name the variables in the code")
        args = [self._visited(arg) for arg in node.args]
        keywords = [ast.keyword(k.arg, self._visited(k.value)) for k in node.keywords]
        if _is_plain(called):
            return ast.copy_location(ast.Call(node.func, args, keywords), node)
        if isinstance(node.func, ast.Attribute) and not self._is_outside(node.func.value):
            owner = self._visited(node.func.value)
            call = self._tape("method", owner, ast.Constant(node.func.attr), *args, at=node)
        else:
            call = self._tape("call", self._visited(node.func), *args, at=node)
        call.keywords = keywords
        return ast.copy_location(call, node)

    def visit_Starred(self, node: ast.Starred) -> Any:
        if isinstance(node.ctx, ast.Store):
            return self.generic_visit(node)
        return ast.copy_location(
            ast.Starred(self._tape("iterate", self._visited(node.value), at=node), node.ctx), node
        )

    # ---- what walks over values, or takes them apart

    def visit_Assign(self, node: ast.Assign) -> Any:
        patterns = [found for target in node.targets if (found := pattern(target)) is not None]
        self.generic_visit(node)
        if len(patterns) == 1 == len(node.targets):
            node.value = self._tape("unpack", node.value, *nested(patterns[0]), at=node.value)
        elif patterns:
            return self._chained(node)
        return node

    def _chained(self, node: ast.Assign) -> Any:
        """`a, b = pair = value`, one assignment after another."""
        name = self._fresh("value")
        first = ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], node.value), node)
        rest = [self._bound_to(target, name, node) for target in node.targets]
        return [ast.fix_missing_locations(ast.copy_location(stmt, node)) for stmt in (first, *rest)]

    def _bound_to(self, target: ast.expr, name: str, node: ast.Assign) -> ast.stmt:
        value: ast.expr = ast.copy_location(ast.Name(name, ast.Load()), node)
        found = pattern(target)
        if found is not None:
            value = self._tape("unpack", value, *nested(found), at=node)
        return ast.copy_location(ast.Assign([target], value), node)

    def _fresh(self, wish: str) -> str:
        while wish in self.bound:
            wish += "_"
        self.bound |= {wish}
        return wish

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            return self.visit(ast.copy_location(ast.Assign([node.target], node.value), node))
        node.annotation = ast.copy_location(ast.Constant(None), node.annotation)
        return self.generic_visit(node)

    def visit_For(self, node: ast.For) -> Any:
        walked = self._walked(node.iter, pattern(node.target))
        node.iter = ast.Constant(None)
        self.generic_visit(node)
        node.iter = walked
        return node

    def visit_comprehension(self, node: ast.comprehension) -> Any:
        if node.is_async:
            raise self._refusal(
                "`async`", node.iter, "differentiate an ordinary function and await around it"
            )
        walked = self._walked(node.iter, pattern(node.target))
        node.iter = ast.Constant(None)
        self.generic_visit(node)
        node.iter = walked
        return node

    def _walked(self, node: ast.expr, taken_apart: Any) -> Any:
        visited = self._visited(node)
        if isinstance(node, ast.Call) and self._outside(node.func) is range:
            return visited
        return self._tape(
            "iterate", visited, *([] if taken_apart is None else [literal(taken_apart)]), at=node
        )

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Any:
        return ast.copy_location(
            ast.YieldFrom(self._tape("iterate", self._visited(node.value), at=node)), node
        )

    def visit_With(self, node: ast.With) -> Any:
        self.generic_visit(node)
        for item in node.items:
            item.context_expr = self._tape("context", item.context_expr, at=item.context_expr)
        return node

    # ---- definitions, patterns, and what is refused

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.decorator_list = [self._tape("recorded", self._visited(d), at=d) for d in node.decorator_list]
        node.args.defaults = [self._visited(d) for d in node.args.defaults]
        node.args.kw_defaults = [d and self._visited(d) for d in node.args.kw_defaults]
        node.body = self._block(node.body)
        return node

    def definition(self, node: Any) -> Any:
        """A definition with its body rewritten, and without annotations."""
        if isinstance(node, ast.AsyncFunctionDef):
            self._asynchronous(node)
        drop_annotations(node)
        node.body = self._block(node.body) if isinstance(node.body, list) else self._visited(node.body)
        return node

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for stmt in body:
            new = self.visit(stmt)
            found += new if isinstance(new, list) else [new]
        return found

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        node.args.defaults = [self._visited(d) for d in node.args.defaults]
        node.args.kw_defaults = [d and self._visited(d) for d in node.args.kw_defaults]
        node.body = self._visited(node.body)
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> Any:
        return node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> Any:
        node.patterns = [self.visit(p) for p in node.patterns]
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> Any:
        node.patterns = [self.visit(p) for p in node.patterns]
        node.kwd_patterns = [self.visit(p) for p in node.kwd_patterns]
        return node

    def _asynchronous(self, node: Any) -> Any:
        raise self._refusal("`async`", node, "differentiate an ordinary function and await around it")

    visit_AsyncFunctionDef = visit_AsyncFor = visit_AsyncWith = visit_Await = _asynchronous

    def _refusal(self, what: str, node: ast.AST, help_: str) -> Refusal:
        message = f"knetc cannot differentiate {what}"
        return Refusal("KN101", message, help=help_, place=self.source.place(node))


def _is_one_of(called: Any, functions: tuple[Any, ...]) -> bool:
    return any(called is function for function in functions)


def _is_plain(called: Any) -> bool:
    try:
        if called in PLAIN_CALLS:
            return True
    except TypeError:
        return False
    is_exception = isinstance(called, type) and issubclass(called, BaseException)
    return is_exception and getattr(builtins, called.__name__, None) is called
