"""Functions made inside the function: captured and rebound names, lambdas, factories, generators."""

from __future__ import annotations

from knetc.testing.grammar.assignments import assign, body, statement
from knetc.testing.grammar.expressions import leaf, scalar, some, squashed
from knetc.testing.grammar.stores import written
from knetc.testing.grammar.tensors import squashed_vector, vector
from knetc.testing.grammar.writer import Writer


@statement("functions")
def nested_function(w: Writer) -> None:
    """`def g(z): ...`, which reads what is around it."""
    name, z = w.fresh("function"), w.fresh("float")
    with w.function(f"def {name}({z}{w.one_of(('', ', k=0.5'))}):", {z: "float"}):
        body(w, 2)
        w.line(f"return {squashed(w)}")
    w.scope.types[name] = "function"


@statement("functions")
def rebinding_function(w: Writer) -> None:
    """`nonlocal t`, and a call or two."""
    old = w.names("float", own=True)
    if not old:
        return assign(w)
    t, name, z = w.one_of(old), w.fresh("function"), w.fresh("float")
    with w.function(f"def {name}({z}):", {z: "float", t: "float"}):
        w.line(f"nonlocal {t}")
        w.line(f"{t} {w.one_of(('=', '+=', '*='))} {squashed(w, 2)}")
        body(w, 1)
        w.line(f"return {squashed(w, 2)}")
    w.scope.types[name] = "function"
    called(w, name)
    return None


def called(w: Writer, name: str) -> None:
    """`t = g(...)`."""
    result = w.fresh("float")
    w.line(f"{result} = {name}({leaf(w)})")
    w.define(result, "float")


@statement("functions")
def writing_function(w: Writer) -> None:
    """A function that writes into a captured array or list."""
    array = some(w, "vector")
    if array is None:
        return assign(w)
    name, z = w.fresh("function"), w.fresh("float")
    with w.function(f"def {name}({z}):", {z: "float"}):
        written(w, "vector", array)
        w.line(f"return {squashed(w, 2)}")
    w.scope.types[name] = "function"
    return called(w, name)


@statement("functions")
def named_lambda(w: Writer) -> None:
    """`g = lambda z: ...`."""
    name, z = w.fresh("function"), w.fresh("float")
    outer = w.scope.types
    w.scope.types = {**outer, z: "float"}
    text = squashed(w)
    w.scope.types = outer
    w.line(f"{name} = lambda {z}{w.one_of(('', ', k=' + leaf(w)))}: {text}")
    w.scope.types[name] = "function"


@statement("functions")
def rebound_after_capture(w: Writer) -> None:
    """A closure that sees what its variable stands for when it is called."""
    t, name = w.fresh("float"), w.fresh("function")
    w.line(f"{t} = {squashed(w, 1)}")
    w.line(f"{name} = lambda z: z * {t} + {leaf(w)}")
    w.define(t, "float")
    w.scope.types[name] = "function"
    w.line(f"{t} {w.one_of(('=', '+='))} {squashed(w, 2)}")
    called(w, name)


@statement("functions")
def list_of_closures(w: Writer) -> None:
    """Closures made in a loop, which share or keep its variable."""
    name, result = w.fresh("list"), w.fresh("float")
    kept = w.one_of(("lambda z: z * y", "lambda z, y=y: z * y", "functools.partial(operator.mul, y)"))
    w.line(f"{name} = [{kept} for y in {vector(w, 1)}]")
    w.line(f"{result} = sum(g({scalar(w, 1)}) for g in {name})")
    w.define(result, "float")


@statement("functions")
def factory(w: Writer) -> None:
    """A function that makes functions."""
    maker, name, k, z = (w.fresh(kind) for kind in ("function", "function", "float", "float"))
    with w.function(f"def {maker}({k}):", {k: "float"}):
        w.line(f"{k} = {squashed(w, 1)} + {k}")
        with w.function(f"def inner({z}):", {z: "float"}):
            w.line(f"return np.tanh({z} * {k}) + {scalar(w, 1)}")
        w.line(f"return {w.one_of(('inner', 'lambda z: inner(z) * ' + k))}")
    w.line(f"{name} = {maker}({leaf(w)})")
    w.scope.types[name] = "function"
    called(w, name)


@statement("functions")
def nested_generator(w: Writer) -> None:
    """`yield`, in a loop over what the generator sees, and its consumer."""
    name, z, result = w.fresh("function"), w.fresh("float"), w.fresh("float")
    with w.function(f"def {name}({z}):", {z: "float"}):
        i = w.fresh("int")
        w.scope.returns = False
        with w.block(f"for {i} in range(3):", loop=True):
            w.scope.types[i] = "int"
            body(w, 1)
            w.line(f"yield {squashed(w, 2)}")
            w.line(f"{z} = {squashed(w, 1)}")
        if w.chance(3):
            w.line(f"yield from {vector(w, 0)}")
    consumers = (
        "sum({0}({1}))",
        "list({0}({1}))[1]",
        "next({0}({1}))",
        "max({0}({1}))",
        "sum(q * q for q in {0}({1}))",
    )
    w.line(f"{result} = {w.one_of(consumers)}".format(name, leaf(w)))
    w.define(result, "float")


@statement("functions")
def function_as_an_argument(w: Writer) -> None:
    """`apply(g, t)` with a function that is made on the spot."""
    name, g, z = w.fresh("function"), w.fresh("function"), w.fresh("float")
    result = w.fresh("vector")
    with w.function(f"def {name}({g}, {z}):", {z: "vector"}):
        w.line(f"return {g}({z}) * {leaf(w)}")
    w.line(f"{result} = {name}({w.one_of(('np.sin', 'lambda z: z * z', 'np.tanh'))}, {squashed_vector(w)})")
    w.define(result, "vector")
