"""Gives each independent value its own name, so that facts can be kept per name.

Guarantee: two definitions share a name only if some use can see both (a web). The first web of a variable keeps the
user's name. `opt.coalesce` gives the user's name back wherever nothing stands against it.

    x = np.sin(x)         x_2 = np.sin(x)
    x = x * x       ->    x_3 = x_2 * x_2
    return x              return x_3
"""

from __future__ import annotations

from dataclasses import replace

from knetc.analysis.liveness import Liveness, liveness
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.names import Namer
from knetc.ir.walk import all_writes, map_expressions, rename_block, rename_opaque, substitute

Env = dict[str, str] | None
"""The definition that each variable holds; None where control cannot be."""


def split_webs(function: ir.Function, namer: Namer) -> tuple[ir.Function, dict[str, str]]:
    """The renamed function, and the user's name of every new one."""
    captured = frozenset(function.origin.__code__.co_cellvars) if function.origin is not None else frozenset()
    webs = Webs(liveness(function.body), captured)
    body = webs.block(function.body, {p.name: webs.define(p.name) for p in function.params})
    names = webs.names(namer)
    if all(new == webs.variable[key] for key, new in names.items()):
        return function, {}
    user = {new: webs.variable[key] for key, new in names.items() if new != webs.variable[key]}
    return replace(function, body=rename_block(body[0], names)), user


class Webs:
    """Definitions, united where they meet. A definition is named `variable#number` until the webs are known."""

    def __init__(self, live: Liveness, captured: frozenset[str]) -> None:
        self.live = live
        self.captured = captured  # by a nested function, which sees every later value: one web each
        self.first: dict[str, str] = {}
        self.parent: dict[str, str] = {}
        self.variable: dict[str, str] = {}
        self.breaks: list[list[dict[str, str]]] = []
        self.continues: list[list[dict[str, str]]] = []

    def define(self, variable: str) -> str:
        """A new definition of a variable."""
        key = f"{variable}#{len(self.parent)}"
        self.parent[key] = key
        self.variable[key] = variable
        if self.first.setdefault(variable, key) != key and variable in self.captured:
            self.unite(self.first[variable], key)
        return key

    def find(self, key: str) -> str:
        """The representative of a web."""
        while self.parent[key] != key:
            key = self.parent[key]
        return key

    def unite(self, a: str, b: str) -> None:
        """Make two definitions one web, represented by the earlier."""
        first, second = sorted((self.find(a), self.find(b)), key=lambda k: int(k.rpartition("#")[2]))
        self.parent[second] = first

    def merge(self, envs: list[Env]) -> Env:
        """What holds where several paths meet."""
        alive = [e for e in envs if e is not None]
        if not alive:
            return None
        out = dict(alive[0])
        for env in alive[1:]:
            for variable, key in env.items():
                if variable in out:
                    self.unite(out[variable], key)
                else:
                    out[variable] = key
        return out

    def block(self, block: ir.Block, env: Env) -> tuple[ir.Block, Env]:
        """A block in terms of definitions."""
        out: list[ir.Stmt] = []
        for stmt in block:
            if env is None:
                break
            new, env = self.statement(stmt, env)
            out.append(new)
        return tuple(out), env

    def statement(self, stmt: ir.Stmt, env: dict[str, str]) -> tuple[ir.Stmt, Env]:
        """One statement in terms of definitions."""
        table: dict[str, ir.Expr] = {variable: ir.Name(key) for variable, key in env.items()}
        if isinstance(stmt, ir.Opaque):
            return self._opaque(stmt, env)
        new = map_expressions(stmt, lambda e: substitute(e, table))
        match new:
            case ir.Assign(target=ir.Item() | ir.Attr()) | ir.Accumulate():
                return replace(new, target=substitute(new.target, table)), env
            case ir.Assign():
                after = dict(env)
                return replace(new, target=self._bind(stmt, new.target, after)), after
            case ir.If():
                then, env_then = self.block(new.then, dict(env))
                orelse, env_else = self.block(new.orelse, dict(env))
                return replace(new, then=then, orelse=orelse), self.merge([env_then, env_else])
            case ir.For() | ir.While():
                return self._loop(stmt, new, env)
            case ir.Break():
                self.breaks[-1].append(dict(env))
                return new, None
            case ir.Continue():
                self.continues[-1].append(dict(env))
                return new, None
            case ir.Return():
                return new, None
            case _:
                return new, env

    def _bind(self, stmt: ir.Stmt, target: ir.Expr, env: dict[str, str]) -> ir.Expr:
        if isinstance(target, ir.TupleExpr):
            return ir.TupleExpr(tuple(self._bind(stmt, item, env) for item in target.items))
        assert isinstance(target, ir.Name)
        variable = target.id
        key = self.define(variable)
        if is_augmented(stmt) and variable in env:  # `x += e` may work in place: it stays one web
            self.unite(env[variable], key)
        env[variable] = key
        return ir.Name(key)

    def _opaque(self, stmt: ir.Opaque, env: dict[str, str]) -> tuple[ir.Stmt, Env]:
        after = dict(env)
        for variable in stmt.writes:
            key = self.define(variable)
            if variable in env:
                self.unite(env[variable], key)
            after[variable] = key
        return rename_opaque(stmt, dict(env) | {v: after[v] for v in stmt.writes}, after), after

    def _loop(self, old: ir.Stmt, stmt: ir.For | ir.While, env: dict[str, str]) -> tuple[ir.Stmt, Env]:
        top = dict(env)
        for variable in sorted(all_writes((old,)) & self.live.header[id(old)]):
            if variable in env:
                top[variable] = self.define(variable)
                self.unite(env[variable], top[variable])
        test_table: dict[str, ir.Expr] = {env[v]: ir.Name(top[v]) for v in env if env[v] != top[v]}
        if isinstance(stmt, ir.While):
            stmt = replace(stmt, test=substitute(stmt.test, test_table))
        self.breaks.append([])
        self.continues.append([])
        inside = dict(top)
        target = self._bind(old, stmt.target, inside) if isinstance(stmt, ir.For) else None
        body, end = self.block(stmt.body, inside)
        self._close(old, top, [end, *self.continues.pop()])
        after = self.merge([top, *self._loop_exits(old, end), *self.breaks.pop()])
        new = replace(stmt, body=body)
        return (replace(new, target=target) if isinstance(new, ir.For) and target is not None else new), after

    def _close(self, loop: ir.Stmt, top: dict[str, str], ends: list[Env]) -> None:
        """Unite what the next round sees with what the last one left."""
        for env in ends:
            for variable in (env or {}).keys() & self.live.header[id(loop)]:
                assert env is not None
                if variable in top:
                    self.unite(top[variable], env[variable])

    def _loop_exits(self, loop: ir.Stmt, end: Env) -> list[Env]:
        """Names that the loop defines and that are read behind it (`for i in ...: pass` and then `i`)."""
        if end is None:
            return []
        return [{v: k for v, k in end.items() if v in self.live.after[id(loop)]}]

    def names(self, namer: Namer) -> dict[str, str]:
        """The final name of every definition."""
        chosen: dict[str, str] = {}
        seen: set[str] = set()
        for key in self.parent:
            root = self.find(key)
            if root not in chosen:
                variable = self.variable[root]
                chosen[root] = namer.fresh(variable) if variable in seen else variable
                seen.add(variable)
            chosen[key] = chosen[root]
        return chosen
