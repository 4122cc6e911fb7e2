"""Statements without loops: assignments in all their forms, branches, and the list of all statements."""

from __future__ import annotations

from knetc.testing.grammar.expressions import condition, integer, leaf, scalar, some, squashed
from knetc.testing.grammar.tensors import matrix, squashed_vector, vector
from knetc.testing.grammar.writer import Table, Writer

STATEMENTS = Table[None]()
statement = STATEMENTS.add
MAX_DEPTH = 3


def body(w: Writer, longest: int = 3) -> None:
    """A few statements."""
    for _ in range(1 + w.choose(longest)):
        one(w)


def one(w: Writer) -> None:
    """One statement; an assignment where blocks are nested too deeply already, or the program is long enough."""
    if w.full or w.scope.depth > MAX_DEPTH:
        assign(w)
    else:
        STATEMENTS.choose(w)(w)


# ---- assignments


@statement("arithmetic")
@statement("flow")
@statement("functions")
def assign(w: Writer) -> None:
    """`t = ...`."""
    name = w.target("float")
    w.line(f"{name} = {squashed(w)}")
    w.define(name, "float")


@statement("arithmetic")
def assign_unsquashed(w: Writer) -> None:
    """A name for a name, or for an expression of any size."""
    name = w.target("float")
    w.line(f"{name} = {scalar(w) if not w.scope.loops else leaf(w)}")
    w.define(name, "float")


@statement("arithmetic")
@statement("stores")
def assign_vector(w: Writer) -> None:
    """`v = ...`."""
    name = w.target("vector")
    w.line(f"{name} = {squashed_vector(w) if w.scope.loops else vector(w)}")
    w.define(name, "vector")


@statement("arithmetic")
def assign_matrix(w: Writer) -> None:
    """`m = ...`."""
    name = w.target("matrix")
    w.line(f"{name} = {matrix(w, 1 if w.scope.loops else 2)}")
    w.define(name, "matrix")


@statement("arithmetic")
def augment(w: Writer) -> None:
    """`t += ...`, and the like."""
    old = w.names("float", own=True)
    if not old:
        return assign(w)
    name = w.one_of(old)
    return w.line(f"{name} {w.one_of(('+=', '-=', '*='))} {squashed(w, 2)}")


@statement("arithmetic")
def augment_by_itself(w: Writer) -> None:
    """`t *= t`."""
    old = w.names("float", own=True)
    if not old:
        return assign(w)
    name = w.one_of(old)
    return w.line(f"{name} {w.one_of(('*= 0.5 *', '-= 0.25 *', '/= 1.0 + '))} {name} ** 2")


@statement("arithmetic")
def scalar_array(w: Writer) -> None:
    """`t = np.array(...)`: a number that is augmented in place."""
    name = w.fresh("float")
    w.line(f"{name} = np.array({squashed(w, 2)})")
    w.define(name, "float")
    other = w.fresh("float")
    w.line(f"{other} = {name}")
    w.define(other, "float")
    w.line(f"{name} {w.one_of(('+=', '*='))} {leaf(w)}")


@statement("arithmetic")
def swap(w: Writer) -> None:
    """`a, b = b, a`."""
    old = w.names("float", own=True)
    if len(old) < 2:
        return assign(w)
    return w.line(f"{old[0]}, {old[-1]} = {old[-1]}, {old[0]}")


@statement("containers")
def unpack(w: Writer) -> None:
    """`a, (b, c) = ...`, `a, *rest = ...`."""
    a, b, c = (w.fresh("float") for _ in range(3))
    targets, value = w.one_of(
        (
            (f"{a}, ({b}, {c})", f"{scalar(w, 1)}, ({scalar(w, 1)}, {leaf(w)})"),
            (f"{a}, {b}, {c}", vector(w, 1)),
            (f"[{a}, *_, {b}], {c}", f"[{leaf(w)}, {leaf(w)}, {leaf(w)}], {leaf(w)}"),
            (f"{a} = {b} = {c}", squashed(w, 2)),
            (f"({a}, {b}), *_, {c}", f"({leaf(w)}, {leaf(w)}), 0.0, {squashed(w, 1)}"),
        )
    )
    w.line(f"{targets} = {value}")
    for name in (a, b, c):
        w.define(name, "float")


@statement("flow")
def annotated(w: Writer) -> None:
    """`t: float = ...`."""
    name = w.fresh("float")
    w.line(f"{name}: float = {squashed(w, 2)}")
    w.define(name, "float")


@statement("arithmetic")
def count(w: Writer) -> None:
    """`n = ...`, an integer."""
    name = w.fresh("int")
    w.line(f"{name} = {integer(w)} + {integer(w)}")
    w.scope.types[name] = "int"


@statement("flow")
def told(w: Writer) -> None:
    """What is printed, and what has no effect."""
    name = leaf(w)
    w.line(
        w.one_of(
            (
                f"print(f'{{{name}:.3f}}')",
                "pass",
                f"assert {name} < 1e6",
                f"if {name} > 1e6:\n{'    ' * (w.indent + 1)}raise ValueError({name})",
                f"del {_deleted(w)}",
            )
        )
    )


def _deleted(w: Writer) -> str:
    name = w.fresh("float")
    w.line(f"{name} = {squashed(w, 1)}")
    return name


# ---- branches


@statement("arithmetic")
@statement("flow")
def branch(w: Writer) -> None:
    """`if`, with `elif` and `else` or without."""
    with w.block(f"if {condition(w)}:"):
        body(w)
    for _ in range(w.choose(2)):
        with w.block(f"elif {condition(w)}:"):
            body(w, 2)
    if w.chance(2):
        with w.block("else:"):
            body(w, 2)


@statement("arithmetic")
@statement("flow")
def defined_in_branches(w: Writer) -> None:
    """A name that every branch assigns to, and that lives on."""
    name, kind = w.one_of(((w.fresh("float"), "float"), (w.fresh("vector"), "vector")))
    with w.block(f"if {condition(w)}:"):
        w.line(f"{name} = {squashed(w) if kind == 'float' else squashed_vector(w)}")
        body(w, 2)
    with w.block("else:"):
        body(w, 2)
        known = some(w, kind)
        w.line(f"{name} = {known or ('0.5' if kind == 'float' else 'np.ones(3)')}")
    w.define(name, kind)


@statement("arithmetic")
@statement("flow")
def early_return(w: Writer) -> None:
    """`if c: return t`."""
    if not w.scope.returns:
        return assign(w)
    with w.block(f"if {condition(w)}:"):
        if w.chance(2):
            body(w, 2)
        w.line(f"return {squashed(w, 2)}")
    return None
