"""Loops over everything, and the ways out of them."""

from __future__ import annotations

from knetc.testing.grammar.assignments import assign, body, one, statement
from knetc.testing.grammar.expressions import condition, leaf, scalar, some, squashed
from knetc.testing.grammar.tensors import matrix, vector
from knetc.testing.grammar.writer import Table, Writer

Walked = tuple[dict[str, str], str]
WALKED = Table[Walked]()
walk = WALKED.add
MAX_LOOPS = 2


def nested(w: Writer) -> bool:
    """Whether there is no room for one more loop."""
    return w.scope.loops >= MAX_LOOPS


@statement("flow")
@statement("arithmetic")
def for_loop(w: Writer) -> None:
    """`for ... in ...:`, maybe with `else`."""
    if nested(w):
        return assign(w)
    variables, walked = WALKED.choose(w)(w)
    targets = ", ".join(f"({n})" if "," in n else n for n in variables)
    lists = (*w.names("list"), *w.names("rows"), *w.names("dict"))
    with w.block(f"for {targets} in {walked}:", loop=True):
        w.scope.growing = w.scope.growing and not any(name in walked for name in lists)
        for names, kind in variables.items():
            for name in names.split(", "):
                w.scope.types[name] = kind
                if kind == "float":
                    w.scope.own.add(name)
        looped(w)
    return otherwise(w)


def looped(w: Writer) -> None:
    """The body of a loop, with a way out of it now and then."""
    body(w)
    if w.chance(3):
        leave(w)
        body(w, 2)


def leave(w: Writer) -> None:
    """`if c: break`, or `continue`, or `return`."""
    with w.block(f"if {condition(w)}:"):
        if w.chance(3):
            one(w)
        ways = ("continue", "break", f"return {scalar(w, 1)}") if w.scope.returns else ("continue", "break")
        w.line(w.one_of(ways))


def otherwise(w: Writer) -> None:
    """The `else` of a loop."""
    if not w.plain and w.chance(4):
        with w.block("else:"):
            body(w, 2)


# ---- what is walked: the loop variables with their types, and the iterable


@walk("flow")
@walk("arithmetic")
def a_range(w: Writer) -> Walked:
    """`range(3)`, `range(2, -1, -1)`."""
    return {w.fresh("int"): "int"}, w.one_of(
        ("range(3)", "range(2)", "range(2, -1, -1)", "range(0)", "range(0, 4, 2)")
    )


@walk("arithmetic")
def an_array(w: Writer) -> Walked:
    """`v`, `m[0]`, `v[::-1]`."""
    return {w.fresh("float"): "float"}, vector(w, 1)


@walk("arithmetic")
def rows_of_a_matrix(w: Writer) -> Walked:
    """`m`: the rows are views."""
    return {w.fresh("vector"): "vector"}, matrix(w, 1)


@walk("arithmetic")
def a_list(w: Writer) -> Walked:
    """`items`, a literal, `reversed(items)`."""
    name = some(w, "list")
    literal = f"[{scalar(w, 1)}, {leaf(w)}]"
    return {w.fresh("float"): "float"}, w.one_of(("{0}", "reversed({0})", "{0}[1:]", "tuple({0})")).format(
        name or literal
    )


@walk("containers")
def rows(w: Writer) -> Walked:
    """A list of vectors."""
    return {w.fresh("vector"): "vector"}, some(w, "rows") or f"[{vector(w, 1)}, {vector(w, 1)}]"


@walk("arithmetic")
def numbered(w: Writer) -> Walked:
    """`enumerate(...)`."""
    walked = some(w, "list") or vector(w, 1)
    return {w.fresh("int"): "int", w.fresh("float"): "float"}, f"enumerate({walked})"


@walk("arithmetic")
def zipped(w: Writer) -> Walked:
    """`zip(..., ...)`."""
    other = some(w, "list") or vector(w, 1)
    return {w.fresh("float"): "float", w.fresh("float") + "b": "float"}, f"zip({vector(w, 1)}, {other})"


@walk("arithmetic")
def zipped_and_numbered(w: Writer) -> Walked:
    """`enumerate(zip(..., ...))`."""
    both = f"{w.fresh('float')}, {w.fresh('float')}"
    return {w.fresh("int"): "int", both: "float"}, f"enumerate(zip({vector(w, 1)}, {vector(w, 1)}))"


@walk("containers")
def a_dict(w: Writer) -> Walked:
    """`d.values()`."""
    name = some(w, "dict") or f"{{'p': {leaf(w)}, 'q': {scalar(w, 1)}}}"
    return {w.fresh("float"): "float"}, w.one_of((f"{name}.values()", f"map({name}.get, sorted({name}))"))


@walk("functions")
def generated(w: Writer) -> Walked:
    """A generator expression, `map`."""
    made = ("(z * 0.5 for z in {0})", "map(lambda z: np.sin(z), {0})", "(z + i for i, z in enumerate({0}))")
    return {w.fresh("float"): "float"}, w.one_of(made).format(vector(w, 1))


@walk("containers")
def produced(w: Writer) -> Walked:
    """`itertools.product`, `accumulate`, `chain`."""
    made = ("itertools.accumulate({0})", "itertools.chain({0}, [{1}])", "sorted({0})", "({0} * {0}).tolist()")
    return {w.fresh("float"): "float"}, w.one_of(made).format(vector(w, 0), leaf(w))


# ---- the other loops


@statement("arithmetic")
@statement("flow")
def counted_while(w: Writer) -> None:
    """`while n < 3:`, counted first thing in the body."""
    if nested(w):
        return assign(w)
    name = w.fresh("int")
    head, count = w.one_of(
        (
            (f"while {name} < 3:", f"{name} += 1"),
            ("while True:", f"{name} += 1"),
            (f"while {name} < 4 and {leaf(w)} < 2.5:", f"{name} += 1"),
            (f"while ({name} := {name} + 1) < 4:", "pass"),
        )[: 3 if w.plain else 4]
    )
    w.line(f"{name} = 0")
    with w.block(head, loop=True):
        w.scope.types[name] = "int"
        w.line(count)
        if head == "while True:":
            w.line(f"if {name} > 3:")
            w.line("    break")
        looped(w)
    return otherwise(w)


@statement("arithmetic")
@statement("flow")
def while_on_data(w: Writer) -> None:
    """`while t > 0.3: t = t * 0.6`."""
    if nested(w):
        return assign(w)
    name = w.fresh("float")
    w.line(f"{name} = {squashed(w, 1)}")
    with w.block(f"while {name} > 0.1:", loop=True):
        w.line(f"{name} *= 0.6")
        w.scope.types[name] = "float"
        body(w)
    w.define(name, "float")
    return otherwise(w)


@statement("arithmetic")
@statement("flow")
def left_behind(w: Writer) -> None:
    """A loop variable, and a name of the body, that are used after the loop."""
    if nested(w):
        return assign(w)
    variable, name = w.fresh("float"), w.fresh("float")
    with w.block(f"for {variable} in {vector(w, 1)}:", loop=True):
        w.scope.types[variable] = "float"
        w.line(f"{name} = {squashed(w, 2)}")
        w.define(name, "float")
        body(w, 2)
    w.define(variable, "float")
    w.define(name, "float")
    return None


@statement("arithmetic")
def recurrence(w: Writer) -> None:
    """A number carried through a loop by two names that feed each other."""
    if nested(w):
        return assign(w)
    a, b = w.fresh("float"), w.fresh("float")
    w.line(f"{a}, {b} = {squashed(w, 1)}, {leaf(w)}")
    w.define(a, "float")
    w.define(b, "float")
    with w.block("for _ in range(3):", loop=True):
        w.line(f"{a}, {b} = np.tanh({b} + {scalar(w, 1)}), {a} * 0.5")
        body(w, 2)
    return None
