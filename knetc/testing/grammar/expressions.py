"""Numbers and conditions: expressions of tame size, over everything in scope that has a number in it."""

from __future__ import annotations

from knetc.testing.grammar.writer import Table, Text, Writer

EXPRESSIONS = Table[str]()
DEPTH = 3
expression = EXPRESSIONS.add


def scalar(w: Writer, depth: int = DEPTH) -> str:
    """An expression with a number for its value."""
    if depth <= 0 or w.choose(4) == 0:
        return leaf(w)
    return EXPRESSIONS.choose(w, "float")(w, depth - 1)


def squashed(w: Writer, depth: int = DEPTH) -> str:
    """A number between -1 and 1 or so, whatever has been computed before."""
    form = w.one_of(("np.tanh({})", "np.sin({})", "np.cos({})", "math.tanh({})", "{} / (1.0 + {} ** 2)"))
    text = scalar(w, depth)
    return form.format(f"({text})", f"({text})") if "**" in form else form.format(text)


def leaf(w: Writer) -> str:
    """A name or a constant."""
    names = w.names("float")
    return w.one_of(names) if names and not w.chance(5) else w.constant()


def some(w: Writer, kind: str) -> str | None:
    """A name of a type, if there is one."""
    names = w.names(kind)
    return w.one_of(names) if names else None


def integer(w: Writer) -> str:
    """A small integer, at least 0."""
    names = w.names("int")
    if names and w.chance(2):
        return w.one_of(names)
    return w.one_of(("0", "1", "2"))


def position(w: Writer, n: int = 3) -> str:
    """An index into n elements, from the front or the back."""
    names = w.names("int")
    if names and w.chance(2):
        return f"{w.one_of(names)} % {n}"
    return str(w.choose(2 * n) - n)


# ---- conditions


def condition(w: Writer) -> str:
    """A truth value: of integers, or of numbers that are seldom near a threshold."""
    return EXPRESSIONS.choose(w, "condition")(w)


@expression("arithmetic", "condition")
def compared_integers(w: Writer) -> str:
    """`n == 1`."""
    return f"{integer(w)} {w.one_of(('<', '==', '!=', '>='))} {integer(w)}"


@expression("arithmetic", "condition")
def compared_numbers(w: Writer) -> str:
    """`t > 0.5`."""
    return f"{leaf(w)} {w.one_of(('>', '<', '<='))} {w.constant()}"


@expression("flow", "condition")
def chained(w: Writer) -> str:
    """`-0.5 < t <= 1.5`."""
    return f"-0.5 < {leaf(w)} <= {w.constant()}"


@expression("flow", "condition")
def both_or_either(w: Writer) -> str:
    """`a and b`, `a or b`."""
    first = w.one_of((compared_integers, compared_numbers, of_an_array))
    return f"({first(w)}) {w.one_of(('and', 'or'))} {leaf(w)} > 0.1"


@expression("flow", "condition")
def negated(w: Writer) -> str:
    """`not a`."""
    return f"not ({w.one_of((compared_integers, chained, member, of_a_list))(w)})"


@expression("flow", "condition")
def member(w: Writer) -> str:
    """`n in (0, 2)`."""
    return f"{integer(w)} in {w.one_of(('(0, 2)', '[1]', '{0, 1}', 'range(2)'))}"


@expression("stores", "condition")
def of_an_array(w: Writer) -> str:
    """`np.any(v > 0.2)`."""
    name = some(w, "vector")
    return f"{w.one_of(('np.any', 'np.all'))}({name} > 0.2)" if name else "True"


@expression("containers", "condition")
def of_a_list(w: Writer) -> str:
    """`any(... for ... in items)`."""
    name = some(w, "list")
    return (
        w.one_of(("any(z > 0.3 for z in {0})", "len({0}) > 2", "{0}[0] > 0.1")).format(name)
        if name
        else "False"
    )


# ---- forms with holes: `~` is a number, `@` one in brackets


def forms(family: str, *texts: str) -> None:
    """Enter productions that are a text with holes."""
    for text in texts:
        EXPRESSIONS.add(family, "float")(_form(text))


def _form(text: str) -> Text:
    return lambda w, depth=1: w.fill(text, {"~": lambda: scalar(w, depth)})


forms(
    "arithmetic",
    "(~ + ~)",
    "(~ - ~)",
    "0.5 * (~) * (~)",
    "(~ * ~)",
    "np.tanh(~)",
    "np.sin(~)",
    "np.cos(~)",
    "(~) / (2.0 + np.cos(~))",
    "-(~)",
    "+(~)",
    "(~) ** 2",
    "(2.0 + np.tanh(~)) ** np.sin(~)",
    "np.exp(-((~) ** 2))",
    "np.log(2.0 + np.sin(~))",
    "np.sqrt(1.0 + (~) ** 2)",
    "math.sin(~)",
    "math.exp(-abs(~))",
    "math.hypot(1.0, ~)",
    "math.atan2(~, 2.0)",
    "abs(~)",
    "max(~, ~)",
    "min(~, ~, 0.3)",
    "float(~)",
    "operator.mul(~, ~)",
    "np.float64(~)",
    "np.maximum(~, 0.1)",
    "((~) % 0.75)",
)
forms(
    "flow",
    "sum((~, ~, ~))",
    "math.tanh(math.prod((~, ~)))",
    "divmod(~, 0.5)[1]",
    "operator.add(~, ~)",
    "sum([~, ~], ~)",
    "(~ and ~)",
    "(~ or ~)",
    "functools.reduce(lambda p, q: p * 0.5 + q, (~, ~, ~))",
    "sorted((~, ~, ~))[1]",
)
forms(
    "functions",
    "(lambda z: z * 0.5 + z ** 2)(~)",
    "(lambda z, k=~: np.tanh(z * k))(~)",
    "sum(map(lambda z: np.sin(z), (~, ~)))",
)


@expression("flow", "float")
def ternary(w: Writer, depth: int) -> str:
    """`a if c else b`."""
    return f"({scalar(w, depth)} if {condition(w)} else {scalar(w, depth)})"


@expression("flow", "float")
def walrus(w: Writer, depth: int) -> str:
    """`(t := a) * t`."""
    name = w.fresh("float")
    return f"(({name} := {squashed(w, depth)}) * {name} + {name})"


# ---- parts of what is in scope


def parts(family: str, kind: str, *texts: str) -> None:
    """Enter productions that read a number out of something: `{0}` is its name, `~` a number, `#` an index."""
    for text in texts:
        EXPRESSIONS.add(family, "float")(_part(kind, text))


def _part(kind: str, text: str) -> Text:
    def fill(w: Writer, depth: int = 1) -> str:
        name = some(w, kind)
        if name is None:
            return leaf(w)
        holes = {
            "~": lambda: scalar(w, depth),
            "#": lambda: position(w, 2 if kind in ("list", "rows") else 3),
        }
        return w.fill(text.replace("{0}", name), holes)

    return fill


parts("arithmetic", "vector", "np.sum({0})", "{0}.mean()", "np.dot({0}, {0})", "{0}[#]", "np.max({0})")
parts(
    "stores",
    "vector",
    "{0}[#] * {0}[#]",
    "np.sum({0}[1:] * {0}[:-1])",
    "np.sum({0}[::-1] * np.arange(3))",
    "{0}[[0, 2, 0]].sum()",
    "{0}[{0} > 0.1].sum()",
    "{0}.item(#)",
    "float({0}[#])",
    "sum({0})",
    "sum({0}.tolist())",
    "np.prod({0})",
)
parts("stores", "matrix", "{0}[#][1]", "{0}[1, #]", "np.sum({0}, axis=0)[#]", "{0}.T[#].sum()", "{0}.flat[#]")
parts("stores", "matrix", "np.sum({0}[:, #])", "{0}.ravel()[::2].sum()", "np.sum({0} @ {0}.T)", "{0}.max()")
parts("containers", "list", "{0}[#]", "sum({0})", "{0}[-1]", "max({0})", "math.fsum({0})", "np.mean({0})")
parts("containers", "list", "sum(z * z for z in {0})", "sum([z for z in {0} if z > 0.1])", "sorted({0})[#]")
parts("containers", "list", "sum(p * q for p, q in zip({0}, {0}[1:]))", "sum(map(math.sin, {0}))")
parts("containers", "list", "sum(itertools.accumulate({0}))", "min({0}, key=lambda z: -z)", "{0}[::-1][#]")
parts("containers", "list", "sum(p * q for p, q in itertools.pairwise({0}))", "(~) * len({0}) / 4")
parts("containers", "rows", "np.sum({0}[#])", "{0}[0][#]", "sum(z[0] for z in {0})", "np.sum(sum({0}))")
parts("containers", "rows", "sum(z for row in {0} for z in row)", "np.stack({0}).sum()")
parts("containers", "dict", "{0}['p']", "{0}['q']", "{0}.get('q', ~)", "{0}.get('z', ~)", "sum({0}.values())")
parts("containers", "dict", "sum(z for k, z in {0}.items() if k != 'p')", "{0}[min({0})]", "dict({0})['p']")
parts("containers", "pair", "{0}[0]", "{0}[1].sum()", "{0}[0] * {0}[-1][#]")
parts(
    "functions", "function", "{0}(~)", "{0}({0}(~))", "sum(map({0}, (~, ~)))", "functools.partial({0}, ~)()"
)
parts(
    "objects",
    "object",
    "{0}.h",
    "{0}.step(~)",
    "{0}.energy",
    "{0}(~)",
    "({0} + {0}).h",
    "{0}[#]",
    "{0}.twice(~)",
)
parts(
    "objects",
    "object",
    "np.sum({0}.v)",
    "getattr({0}, 'h')",
    "({0} @ ~)",
    "({0} * (~)).h",
    "type({0}).twice(~)",
)
