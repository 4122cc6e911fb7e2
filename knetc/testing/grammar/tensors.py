"""Vectors of 3 and matrices of 2 by 3: new ones, parts and views of those in scope."""

from __future__ import annotations

from knetc.testing.grammar.expressions import condition, leaf, position, scalar, some
from knetc.testing.grammar.writer import Table, Text, Writer

TENSORS = Table[str]()
DEPTH = 2


def vector(w: Writer, depth: int = DEPTH) -> str:
    """An expression with an array of 3 for its value, maybe a view of one in scope."""
    names = w.names("vector")
    if depth <= 0 or w.choose(4) == 0:
        return w.one_of(names) if names else f"np.array([{leaf(w)}, {leaf(w)}, 0.5])"
    return TENSORS.choose(w, "vector")(w, depth - 1)


def matrix(w: Writer, depth: int = DEPTH) -> str:
    """An expression with an array of 2 by 3 for its value, maybe a view of one in scope."""
    names = w.names("matrix")
    if depth <= 0 or w.choose(4) == 0:
        return w.one_of(names) if names else f"np.full((2, 3), {leaf(w)})"
    return TENSORS.choose(w, "matrix")(w, depth - 1)


def squashed_vector(w: Writer) -> str:
    """A new vector of numbers between -1 and 1."""
    return f"{w.one_of(('np.tanh', 'np.sin', 'np.cos'))}({vector(w)})"


def view(w: Writer) -> str | None:
    """A vector that shares the memory of one in scope, or of a row of a matrix."""
    kind = w.one_of(("vector", "matrix"))
    name = some(w, kind)
    return None if name is None else TENSORS.choose(w, f"view of {kind}")(w).replace("{0}", name)


def forms(family: str, kind: str, *texts: str) -> None:
    """Enter texts with holes: `~` a number, `%` a vector, `&` a matrix, `#` an index below 2, `?` a condition."""
    for text in texts:
        TENSORS.add(family, kind)(_form(text))


def _form(text: str) -> Text:
    def fill(w: Writer, depth: int = 1) -> str:
        holes = {
            "~": lambda: scalar(w, depth),
            "%": lambda: vector(w, depth),
            "&": lambda: matrix(w, depth),
            "#": lambda: position(w, 2),
            "?": lambda: condition(w),
        }
        return w.fill(text, holes)

    return fill


forms(
    "arithmetic",
    "vector",
    "(% + %)",
    "(% - ~)",
    "0.5 * % * (%)",
    "(~) * %",
    "np.tanh(%)",
    "np.sin(%)",
    "np.exp(-((%) ** 2))",
    "(%) / (1.0 + (%) ** 2)",
    "-(%)",
    "np.array([~, ~, ~])",
    "(%).copy()",
    "np.zeros(3) + ~",
    "np.full(3, ~)",
    "np.maximum(%, 0.1)",
    "np.where((%) > 0.2, %, ~)",
    "(% if ? else %)",
    "abs(%)",
    "np.multiply(%, ~)",
)
forms(
    "stores",
    "vector",
    "(%)[::-1]",
    "(&)[#]",
    "np.sum(&, axis=0)",
    "(&).mean(axis=0)",
    "(% @ (&).T) @ (&)",
    "np.cumsum(%)",
    "np.roll(%, 1)",
    "np.sort(%)",
    "(%)[[0, 2, 2]]",
    "(%)[np.argsort(%)]",
    "np.concatenate([(%)[1:], (%)[:1]])",
    "(&).ravel()[1:4]",
    "(&).T[:, 0]",
    "(&).reshape(6)[::2]",
    "(&).flatten()[-3:]",
    "((%)[:, None] * (%)).sum(axis=1)",
    "np.asarray(%)",
    "np.stack([%, %])[#]",
    "np.append((%)[:2], ~)",
    "np.outer(%, %)[1]",
    "np.diff(np.append(%, ~))",
    "np.clip(%, -0.9, 0.9)",
    "(%).astype(np.float64)",
    "np.linalg.solve(2.0 * np.eye(3) + 0.1 * np.outer(np.tanh(%), np.tanh(%)), %)",
)
forms(
    "containers",
    "vector",
    "np.array([z * z for z in %])",
    "np.array([p + q for p, q in zip(%, %)])",
    "np.array(list(%))",
    "np.array((%).tolist())",
    "np.array(sorted(%))",
    "np.array([i * z for i, z in enumerate(%)])",
    "np.fromiter((z for z in %), float)",
    "sum([%, %])",
)

forms("arithmetic", "matrix", "(& + %)", "0.5 * & * (&)", "np.tanh(&)", "(~) * &", "np.full((2, 3), ~)")
forms("arithmetic", "matrix", "(&).copy()", "np.array([%, %])", "-(&)", "(& if ? else &)")
forms(
    "stores",
    "matrix",
    "np.stack([%, %])",
    "np.outer((%)[:2], %)",
    "(&)[::-1]",
    "(&).T.T",
    "np.vstack((%, %))",
)
forms(
    "stores", "matrix", "(&)[:, ::-1]", "np.zeros((2, 3)) + %", "(&) @ np.outer(%, %)", "(&).reshape(3, 2).T"
)
forms(
    "stores",
    "matrix",
    "np.where((&) > 0.1, &, ~)",
    "np.sort(&, axis=1)",
    "(&)[[1, 1]]",
    "np.cumsum(&, axis=1)",
)

forms(
    "stores",
    "view of vector",
    "{0}",
    "{0}[:]",
    "{0}[::-1]",
    "{0}.reshape(3)",
    "{0}.view()",
    "np.asarray({0})",
)
forms("stores", "view of vector", "{0}.ravel()", "np.ravel({0})", "{0}.T", "{0}[...]", "np.flip({0})")
forms("stores", "view of vector", "{0}.reshape(1, 3)[0]", "{0}[None][0]", "np.squeeze({0}[None])")
forms(
    "stores",
    "view of matrix",
    "{0}[0]",
    "{0}[#]",
    "{0}.reshape(6)[1:4]",
    "{0}.ravel()[::2]",
    "{0}.reshape(3, 2)[:, 0]",
)
forms("stores", "view of matrix", "{0}.T[:, #]", "{0}[1:].reshape(3)", "{0}.reshape(-1)[:3]", "list({0})[#]")
forms("stores", "view of matrix", "{0}.flat[1:4]", "np.transpose({0})[:, 1]", "{0}[1, ::-1]")
