"""A readable dump of the IR, for `KNETC_DUMP` and for the texts that tests compare."""

from __future__ import annotations

import ast

from knetc.ir import nodes as ir


def show(function: ir.Function) -> str:
    """The whole function, one statement a line."""
    params = ", ".join(p.name for p in function.params)
    return "\n".join([f"function {function.name}({params})", *_block(function.body, "  ")])


def _block(block: ir.Block, indent: str) -> list[str]:
    return [line for stmt in block for line in _statement(stmt, indent)]


def _statement(stmt: ir.Stmt, indent: str) -> list[str]:
    deeper = indent + "  "
    match stmt:
        case ir.Assign():
            return [f"{indent}{text(stmt.target)} = {text(stmt.value)}"]
        case ir.Accumulate():
            return [f"{indent}{text(stmt.target)} += {text(stmt.value)}"]
        case ir.Do():
            return [f"{indent}{text(stmt.value)}"]
        case ir.Opaque():
            return [f"{indent}opaque {line}" for line in ast.unparse(stmt.node).splitlines()]
        case ir.If():
            orelse = [f"{indent}else", *_block(stmt.orelse, deeper)] if stmt.orelse else []
            return [f"{indent}if {text(stmt.test)}", *_block(stmt.then, deeper), *orelse]
        case ir.For():
            return [f"{indent}for {text(stmt.target)} in {iteration(stmt.iter)}", *_block(stmt.body, deeper)]
        case ir.While():
            return [f"{indent}while {text(stmt.test)}", *_block(stmt.body, deeper)]
        case ir.Return():
            return [f"{indent}return {text(stmt.value)}"]
        case ir.Record():
            return [f"{indent}record {stmt.steps} way {stmt.exit}"]
        case ir.Replay():
            return [f"{indent}replay {stmt.steps}", *_block(stmt.body, deeper)]
        case _:
            return [indent + type(stmt).__name__.lower()]


def iteration(it: ir.Iter) -> str:
    """What a `for` walks over."""
    match it:
        case ir.Range():
            return f"range({_list(it.args)})"
        case ir.Each():
            return text(it.value)
        case ir.Zip():
            return f"zip({', '.join(map(iteration, it.items))})"
        case ir.Enumerate():
            return f"enumerate({iteration(it.inner)}{'' if it.start is None else ', ' + text(it.start)})"


def text(e: ir.Expr) -> str:
    """One expression; ops under their own names, so that every spelling of an op looks the same."""
    match e:
        case ir.Name() | ir.Runtime():
            return e.id if isinstance(e, ir.Name) else e.name
        case ir.Const():
            return repr(e.value)
        case ir.Apply():
            return f"{e.op.name}({_list(e.args, e.kwargs)})"
        case ir.Call():
            return f"call {e.spelled}({_list(e.args, e.kwargs)})"
        case ir.DynamicCall():
            return f"dynamic {text(e.function)}({_list(e.args, e.kwargs)})"
        case ir.Invoke():
            return f"{text(e.function)}({_list(e.args, e.kwargs)})"
        case ir.Attr():
            return f"{text(e.value)}.{e.name}"
        case ir.Item():
            return f"{text(e.value)}[{text(e.index)}]"
        case ir.Slice():
            return ":".join("" if p is None else text(p) for p in (e.lower, e.upper, e.step))
        case ir.TupleExpr():
            return f"({_list(e.items)})"
        case ir.ListExpr():
            return f"[{_list(e.items)}]"
        case ir.DictExpr():
            return (
                "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in zip(e.keys, e.values, strict=True)) + "}"
            )
        case ir.Verbatim():
            return f"verbatim {ast.unparse(e.node)}"


def _list(args: tuple[ir.Expr, ...], kwargs: tuple[tuple[str, ir.Expr], ...] = ()) -> str:
    return ", ".join([*map(text, args), *(f"{k}={text(v)}" for k, v in kwargs)])
