"""try, with and match, in which what is written may be left half-way."""

from __future__ import annotations

from knetc.testing.grammar.assignments import body, statement
from knetc.testing.grammar.expressions import condition, integer, leaf, scalar, squashed
from knetc.testing.grammar.tensors import vector
from knetc.testing.grammar.writer import Writer


@statement("flow")
def attempt(w: Writer) -> None:
    """`try` with an exception that is raised half-way, or not."""
    with w.block("try:"):
        body(w, 2)
        w.line(f"if {condition(w)}:")
        w.line(f"    raise {w.one_of(('ValueError', 'KeyError', 'ZeroDivisionError'))}")
        body(w, 2)
    with w.block(f"except {w.one_of(('(ValueError, KeyError, ZeroDivisionError)', 'Exception as error'))}:"):
        body(w, 2)
    if w.chance(2):
        with w.block("else:"):
            body(w, 1)
    if w.chance(2):
        with w.block("finally:"):
            former, w.scope.returns = w.scope.returns, False
            body(w, 1)
            w.scope.returns = former


@statement("flow")
def carried_by_an_exception(w: Writer) -> None:
    """A number that an exception carries, or that a failed operation leaves unassigned."""
    name = w.fresh("float")
    w.line(f"{name} = {squashed(w, 1)}")
    with w.block("try:"):
        raised = ("raise ValueError({0})", "{0} = {0} * {{}}['none']", "{0} = 1 // 0", "{0} = next(iter([]))")
        w.line(w.one_of(raised).format(name))
    with w.block("except Exception as error:"):
        w.line(f"{name} = error.args[0] * 2.0 if isinstance(error, ValueError) else {squashed(w, 2)}")
    w.define(name, "float")


@statement("flow")
def entered(w: Writer) -> None:
    """`with`, of a context manager of the module, of contextlib, of numpy."""
    managers = (
        "np.errstate(all='ignore')",
        "contextlib.suppress(KeyError)",
        "contextlib.nullcontext()",
        f"Scaled({leaf(w)}) as scale",
        f"scaled({leaf(w)}) as scale",
    )
    manager = w.one_of(managers)
    with w.block(f"with {manager}:"):
        if manager.endswith("as scale"):
            w.define("scale", "float")
        body(w)
        if w.chance(3) and "suppress" in manager:
            w.line("raise KeyError")


@statement("flow")
def matched(w: Writer) -> None:
    """`match` on numbers, sequences, mappings and objects."""
    subject, cases = w.one_of(
        (
            (integer(w), (("0", {}), ("1 | 2", {}))),
            (f"({leaf(w)}, {integer(w)})", (("(a, 0)", {"a": "float"}), ("(b, 1 | 2)", {"b": "float"}))),
            (f"[{leaf(w)}, {scalar(w, 1)}, 0.5]", (("[]", {}), ("[a, *_, 0.5]", {"a": "float"}))),
            (
                f"{{'p': {leaf(w)}, 'n': {integer(w)}}}",
                (("{'p': a, 'n': 1}", {"a": "float"}), ("{'p': b}", {"b": "float"})),
            ),
            (
                f"Cell({scalar(w, 1)}, {vector(w, 1)})",
                (("Cell(h=a, v=[_, b, _])", {"a": "float", "b": "float"}), ("Cell(h=c)", {"c": "float"})),
            ),
            (leaf(w), (("float() as a", {"a": "float"}), ("b", {"b": "float"}))),
        )
    )
    with w.block(f"match {subject}:"):
        for pattern, names in cases:
            guard = f" if {condition(w)}" if w.chance(3) else ""
            if pattern == "b":
                guard = " if True"
            with w.block(f"case {pattern}{guard}:"):
                for name, kind in names.items():
                    w.define(name, kind)
                body(w, 2)
        with w.block("case _:"):
            body(w, 1)
