"""What stands in the module beside the function: helpers, that may change what they are given, and classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from knetc.testing.grammar.assignments import body, statement
from knetc.testing.grammar.expressions import expression, leaf, scalar, some, squashed
from knetc.testing.grammar.stores import written
from knetc.testing.grammar.tensors import squashed_vector, vector
from knetc.testing.grammar.writer import Helper, Table, Writer

HELPERS = Table[None]()
helper = HELPERS.add

CELL = """\
class Cell:
    rate = 0.5

    def __init__(self, h, v):
        self.h = h
        self.v = v

    @property
    def energy(self):
        return {energy}

    @staticmethod
    def twice(z):
        return np.tanh(z) * 2.0

    def step(self, z):
        {step}
        return self.h

    def __call__(self, z):
        return {call}

    def __add__(self, other):
        return type(self)(self.h + other.h * 0.5, self.v * other.v)

    def __mul__(self, k):
        return type(self)(self.h * k, self.v)

    def __matmul__(self, k):
        return np.sum(self.v * k) + self.h

    def __getitem__(self, i):
        return self.v[i] * self.rate


class Child(Cell):
    rate = 1.5

    def step(self, z):
        self.v = np.tanh(self.v * z)
        return super().step(z) * self.rate


@dataclasses.dataclass
class Record(Cell):
    h: float
    v: object


class Scaled:
    def __init__(self, k):
        self.k = k

    def __enter__(self):
        return self.k * 0.5

    def __exit__(self, *error):
        return False


@contextlib.contextmanager
def scaled(k):
    yield np.sin(k)
"""


def classes(w: Writer) -> str:
    """The classes, with a few choices in them."""
    step = w.one_of(
        (
            "self.h = np.tanh(self.h + z * self.rate)",
            "self.h += z * np.sum(self.v)\n        self.h = np.sin(self.h)",
            "self.v[0] = z\n        self.h = np.tanh(self.h * self.v[0])",
            "self.v = self.v * z\n        setattr(self, 'h', np.tanh(np.sum(self.v)))",
            "if z > 0.3:\n            self.h *= np.cos(z)",
        )
    )
    energy = w.one_of(("self.h ** 2", "np.sum(self.v) * self.h", "0.5 * self.h * self[1]"))
    call = w.one_of(("np.tanh(z * self.h)", "self.step(z) * self.h", "np.sin(z) + self.energy"))
    return CELL.replace("{step}", step).replace("{energy}", energy).replace("{call}", call)


@expression("arithmetic", "float")
@expression("functions", "float")
def helper_call(w: Writer, depth: int) -> str:
    """A call of a function of the module, with positional, keyword or starred arguments."""
    if not w.helpers:
        return leaf(w)
    chosen = w.one_of(w.helpers)
    return f"{chosen.name}({arguments(w, chosen, depth)})"


def arguments(w: Writer, chosen: Helper, depth: int) -> str:
    """What fits the parameters of a helper; the last one has a default and may be left out."""
    made = {"float": lambda: scalar(w, depth), "vector": lambda: vector(w, depth)}
    texts = {f"p{i}": made[kind]() for i, kind in enumerate(chosen.params)}
    positional = ", ".join(texts.values())
    keywords = ", ".join(f"{name}={text}" for name, text in texts.items())
    plain = (positional, keywords, f"{positional}, p{len(texts)}={leaf(w)}")
    return w.one_of(plain if w.plain else (*plain, f"*({positional},)"))


@helper("arithmetic")
def plain(w: Writer, name: str) -> None:
    """A function of a float and a vector."""
    with _defined(w, name, ("float", "vector")):
        body(w, 3)
        w.line(f"return {squashed(w)}")


@helper("stores")
def writing(w: Writer, name: str) -> None:
    """A function that writes into its argument."""
    with _defined(w, name, ("vector", "float")):
        written(w, "vector", "p0")
        body(w, 2)
        w.line(f"return {squashed(w)}")


@helper("arithmetic")
@helper("functions")
def recursive(w: Writer, name: str) -> None:
    """A function that calls itself."""
    with _defined(w, name, ("float",)):
        w.line("if p0 > 2.5 or _n > 2:")
        w.line(f"    return {squashed(w, 1)}")
        w.line(f"return np.tanh({name}(p0 * 0.5 + 0.1, _n=_n + 1) + {scalar(w, 1)})")


@helper("functions")
def variadic(w: Writer, name: str) -> None:
    """`*args` and `**options`."""
    w.line(f"def {name}(p0, *args, **options):")
    w.line(f"    total = p0 * {w.constant()}")
    w.line("    for p in args:")
    w.line("        total = np.tanh(total + p)")
    w.line("    for k in options:")
    w.line("        total = total * 0.5 + options[k]")
    w.line("    return total")
    w.helpers.append(Helper(name, ("float",)))


@helper("arithmetic")
@helper("flow")
def looping(w: Writer, name: str) -> None:
    """A function that returns from within a loop."""
    with _defined(w, name, ("vector", "float")):
        with w.block("for i, z in enumerate(p0):", loop=True):
            w.scope.types |= {"i": "int"}
            w.define("z", "float")
            w.line(f"if {w.one_of(('i == 1', 'z > 0.6', 'i > 5'))}:")
            w.line(f"    return {squashed(w, 2)}")
            w.line(f"p1 = {squashed(w, 2)}")
        w.line(f"return {squashed(w, 2)}")


@contextmanager
def _defined(w: Writer, name: str, kinds: tuple[str, ...]) -> Iterator[None]:
    """The body of a helper, which can be called by what is written after it."""
    params = {f"p{i}": kind for i, kind in enumerate(kinds)}
    default = f"p{len(kinds)}"
    head = f"def {name}({', '.join(params)}, {default}=0.5, *, _n=0):"
    with w.function(head, {**params, default: "float"}, outside=False):
        yield
    w.helpers.append(Helper(name, kinds))


# ---- statements with helpers and objects


@statement("functions")
def call_that_writes(w: Writer) -> None:
    """`t = h(v, ...)`, after which `v` may have changed."""
    name = w.fresh("float")
    w.line(f"{name} = {helper_call(w, 1)}")
    w.define(name, "float")


@statement("objects")
@statement("objects")
def construct(w: Writer) -> None:
    """`cell = Cell(...)`."""
    name = w.fresh("object")
    cls = w.one_of(("Cell", "Child", "Record"))
    w.line(f"{name} = {cls}({squashed(w, 2)}, {w.one_of((squashed_vector(w), vector(w, 1)))})")
    w.define(name, "object")


@statement("objects")
@statement("objects")
@statement("objects")
def change_attributes(w: Writer) -> None:
    """`cell.h = ...`, and the like."""
    name = some(w, "object")
    if name is None:
        return construct(w)
    forms = (
        f"{name}.h = {squashed(w, 2)}",
        f"{name}.h += {squashed(w, 1)}",
        f"{name}.v = {squashed_vector(w)}",
        f"{name}.v[{w.choose(3)}] = {squashed(w, 1)}",
        f"{name}.v += {squashed_vector(w)}",
        f"{name}.step({scalar(w, 1)})",
        f"setattr({name}, 'h', {squashed(w, 1)})",
        f"{name}.h, {name}.v[1] = {squashed(w, 1)}, {name}.h",
    )
    return w.line(w.one_of(forms))


@statement("objects")
def share_object(w: Writer) -> None:
    """Another name for an object, a sum of two, a copy, a bound method."""
    old = some(w, "object")
    if old is None:
        return construct(w)
    kind = w.one_of(("object", "object", "function"))
    name = w.fresh(kind)
    objects = ("{0}", "{0} + {0}", "{0} * {1}", "copy.copy({0})", "copy.deepcopy({0})", "[{0}, {0}][1]")
    functions = ("{0}.step", "{0}", "{0}.twice", "Cell.twice", "type({0}).twice")
    w.line(f"{name} = {w.one_of(objects if kind == 'object' else functions)}".format(old, leaf(w)))
    w.define(name, kind)
    return None
