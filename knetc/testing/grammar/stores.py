"""Writes into arrays: items, slices, masks, lists of positions, through views and other names, by numpy's functions."""

from __future__ import annotations

from knetc.testing.grammar.assignments import assign_matrix, assign_vector, statement
from knetc.testing.grammar.expressions import leaf, position, scalar, some, squashed
from knetc.testing.grammar.tensors import matrix, squashed_vector, vector, view
from knetc.testing.grammar.writer import Table, Text, Writer

STORES = Table[str]()


def forms(kind: str, *texts: str) -> None:
    """Enter writes: `{0}` is the array, `~` a number, `@=` any assignment, `%` a vector, `#` an index below 3."""
    for text in texts:
        STORES.add("stores", kind)(_form(text))


def _form(text: str) -> Text:
    def fill(w: Writer) -> str:
        operator = w.one_of(("=", "+=", "=", "*=", "-="))
        holes = {
            "~": lambda: squashed(w),
            "%": lambda: squashed_vector(w),
            "&": lambda: _small_matrix(w),
            "#": lambda: position(w),
        }
        return w.fill(text.replace("@=", operator), holes)

    return fill


def _small_matrix(w: Writer) -> str:
    return f"np.tanh({matrix(w, 1)})"


forms(
    "vector",
    "{0}[#] @= ~",
    "{0}[#] = {0}[#] * ~",
    "{0}[1:] @= ~",
    "{0}[1:] @= (%)[:2]",
    "{0}[::-1] @= %",
    "{0}[::2] @= (%)[1:]",
    "{0}[:] @= %",
    "{0}[...] @= %",
    "{0}[1:] = {0}[:-1]",
    "{0}[:-1] = {0}[1:] * ~",
    "{0}[1:] += {0}[:-1] * 0.5",
    "{0}[{0} > 0.1] @= ~",
    "{0}[{0} < 0.2] *= 0.5",
    "{0}[np.array([True, False, True])] @= (%)[1:]",
    "{0}[[0, 2]] @= (%)[:2]",
    "{0}[[0, 0, 2]] += %",
    "{0}[[1, 1]] = np.array([~, ~])",
    "{0}[np.array([2, 0, 1])] *= %",
    "np.add.at({0}, [0, 2, 0], %)",
    "np.add.at({0}, [1, 1], ~)",
    "np.subtract.at({0}, [0, 2, 0], %)",
    "np.copyto({0}, %)",
    "np.copyto({0}, %, where={0} > 0.1)",
    "np.add({0}, %, out={0})",
    "np.multiply({0}, %, out={0})",
    "np.tanh({0}, out={0})",
    "np.negative({0}, {0})",
    "np.cumsum({0}, out={0})",
    "np.put({0}, [0, 2], ~)",
    "np.putmask({0}, {0} > 0.1, ~)",
    "np.place({0}, {0} > 0.1, [~])",
    "np.clip({0}, -0.8, 0.8, out={0})",
    "{0}.fill(~)",
    "{0}.sort()",
    "{0}.put([1], ~)",
    "{0} += %",
    "{0} *= ~",
    "{0} -= {0} * 0.5",
    "{0} *= {0}",
    "{0} += {0}[::-1]",
    "{0} /= 2.0 + %",
    "{0} **= 2",
    "{0}[0], {0}[1] = {0}[1], {0}[0]",
    "{0}[:2], {0}[2] = (%)[1:], ~",
    "{0}[#] = 0.5",
    "{0}[:] = 1.0",
    "{0}[0:0] = ~",
    "{0}[:] = [~, ~, ~]",
)
forms(
    "matrix",
    "{0}[0, #] @= ~",
    "{0}[1][#] @= ~",
    "{0}[0] @= %",
    "{0}[1, :] @= %",
    "{0}[:, #] @= ~",
    "{0}[:, 1] @= (%)[:2]",
    "{0}.T[#] @= (%)[1:]",
    "{0}[...] @= &",
    "{0}[0], {0}[1] = {0}[1] * 0.5, {0}[0]",
    "{0}[[0, 0]] += &",
    "{0}[[1, 0]] = {0}",
    "{0}[[0, 1], [2, 0]] @= ~",
    "{0}[[0, 0, 1], [1, 1, 2]] += %",
    "{0}[{0} > 0.1] @= ~",
    "{0}[::-1, 1:] @= ~",
    "np.add.at({0}, ([0, 0], [1, 1]), ~)",
    "np.add.at({0}, 1, %)",
    "{0}.ravel()[1::2] @= %",
    "{0}.reshape(3, 2)[1] @= (%)[:2]",
    "{0}.flat[2] = ~",
    "{0}.flat[1:4] = %",
    "np.sin({0}, out={0})",
    "np.multiply({0}, ~, out={0})",
    "np.dot({0}, np.outer(%, %), out={0})",
    "np.matmul({0}, np.outer(%, %), out={0})",
    "np.fill_diagonal({0}, ~)",
    "{0}.sort(axis=0)",
    "{0} += %",
    "{0} *= {0}",
    "{0} -= {0}[::-1] * 0.5",
    "{0}[0] += {0}[1]",
    "{0}[1:, 1:] -= {0}[:1, :-1]",
    "np.einsum('ij,j->ij', {0}, %, out={0})",
)


@statement("stores")
@statement("stores")
def store(w: Writer) -> None:
    """A write into a vector."""
    name = some(w, "vector")
    if name is None or (name not in w.scope.own and w.chance(2)):
        return assign_vector(w)
    return written(w, "vector", name)


@statement("stores")
def store_into_a_matrix(w: Writer) -> None:
    """A write into a matrix."""
    name = some(w, "matrix")
    return assign_matrix(w) if name is None else written(w, "matrix", name)


def written(w: Writer, kind: str, name: str) -> None:
    """One write. A name from outside a function is not rebound, as `v += ...` would do."""
    text = STORES.choose(w, kind)(w).replace("{0}", name)
    if text.startswith(f"{name} ") and name not in w.scope.own:
        text = text.replace(f"{name} ", f"{name}[...] ", 1)
    w.line(text)


@statement("stores")
def aliased(w: Writer) -> None:
    """A view, or another name, and a write through one of the two."""
    shared = view(w)
    if shared is None:
        return assign_vector(w)
    name = w.fresh("vector")
    w.line(f"{name} = {shared}")
    w.define(name, "vector")
    written(w, "vector", name)
    if w.chance(2):
        store(w)
    return None


@statement("stores")
def read_then_overwritten(w: Writer) -> None:
    """A number that is computed from an array which changes afterwards."""
    name = some(w, "vector")
    if name is None:
        return assign_vector(w)
    number = w.fresh("float")
    i = position(w)
    texts = (
        f"{name}[{i}]",
        f"np.sum({name} * {name})",
        f"np.sin({name}[{i}]) * {name}[0]",
        f"np.sum({name}[::-1][:2])",
    )
    w.line(f"{number} = {w.one_of(texts)}")
    w.define(number, "float")
    written(w, "vector", name)
    return None


@statement("stores")
def buffer(w: Writer) -> None:
    """An empty array, filled in a loop."""
    name, i = w.fresh("vector"), w.fresh("int")
    w.line(
        f"{name} = {w.one_of(('np.zeros(3)', 'np.empty(3)', f'np.zeros_like({vector(w, 0)})', 'np.ones(3)'))}"
    )
    with w.block(f"for {i} in range(3):", loop=True):
        w.scope.types[i] = "int"
        w.line(f"{name}[{i}] = {squashed(w, 2)}")
    w.define(name, "vector")


@statement("stores")
def stencil(w: Writer) -> None:
    """A sweep over an array in place, each element from its neighbours."""
    name = some(w, "vector")
    if name is None or w.scope.loops > 1:
        return assign_vector(w)
    i = w.fresh("int")
    with w.block(f"for {i} in range({w.one_of(('1, 3', '1, 2', '2, 0, -1'))}):", loop=True):
        w.scope.types[i] = "int"
        w.line(
            w.one_of(
                (
                    f"{name}[{i}] = 0.5 * ({name}[{i} - 1] + {name}[{i}])",
                    f"{name}[{i}] += {name}[{i} - 1] * {leaf(w)}",
                    f"{name}[{i}] -= np.dot({name}[:{i}], {name}[:{i}]) * 0.25",
                    f"{name}[{i}] = np.tanh({name}[{i} - 1]) + {scalar(w, 1)}",
                )
            )
        )
    return None
