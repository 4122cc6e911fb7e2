"""Lists, dicts and tuples: made, changed, shared, taken apart."""

from __future__ import annotations

from knetc.testing.grammar.assignments import assign, statement
from knetc.testing.grammar.expressions import condition, leaf, position, scalar, some, squashed
from knetc.testing.grammar.tensors import squashed_vector, vector
from knetc.testing.grammar.writer import Table, Text, Writer

CONTAINERS = Table[str]()


def forms(kind: str, *texts: str) -> None:
    """Enter forms, in which `{0}` is a container of the kind.

    `~` is a number, `%` a new vector, `^` any vector, `#` an index below 2, `?` a condition.
    """
    for text in texts:
        CONTAINERS.add("containers", kind)(_form(text))


def _form(text: str) -> Text:
    def fill(w: Writer) -> str:
        holes = {
            "~": lambda: squashed(w),
            "%": lambda: squashed_vector(w),
            "^": lambda: vector(w, 1),
            "#": lambda: position(w, 2),
            "?": lambda: condition(w),
        }
        return w.fill(text, holes)

    return fill


forms(
    "new list",
    "[~, ~]",
    "[~, ~, ~]",
    "[~] * 3",
    "[~, ~] + [~]",
    "[z * 0.5 for z in ^]",
    "[p * q for p, q in zip(^, ^)]",
    "[z for z in ^ if z < 5.0]",
    "[p * q for p in (~, ~) for q in ^]",
    "[z if z > 0.1 else ~ for z in ^]",
    "list(^)",
    "(^).tolist()",
    "list(map(lambda z: z * z, ^))",
    "sorted([~, ~, ~])",
    "[*(~, ~), ~]",
    "list({'p': ~, 'q': ~}.values())",
    "[(y := z * 0.5) + y for z in ^]",
    "[[~, ~], [~]][0]",
    "list(itertools.accumulate(^))",
    "list(itertools.accumulate(^, lambda p, q: p * q))",
    "sorted(^, key=lambda z: -z)",
    "list(filter(lambda z: z < 5.0, ^))",
    "[sum([p * q for q in ^]) for p in (~, ~)]",
)
forms(
    "copied list",
    "{0}[:]",
    "{0}[::-1]",
    "list({0})",
    "{0}.copy()",
    "copy.copy({0})",
    "{0}",
    "{0}",
    "copy.deepcopy({0})",
)
forms("copied list", "[z * 0.5 for z in {0}]", "{0} + [~]", "[*{0}, ~]", "list(reversed({0}))", "sorted({0})")
forms(
    "changed list",
    "{0}[#] = ~",
    "{0}[#] += ~",
    "{0}[#] *= {0}[#]",
    "{0}[0], {0}[1] = {0}[1], {0}[0]",
    "{0}[:2] = [~, ~]",
    "{0}.reverse()",
    "{0}.sort()",
    "{0}[-1] = {0}[0]",
    "{0}[:] = [z * 0.5 for z in {0}]",
    "{0}[::-1] = [z + ~ for z in {0}]",
)
forms(
    "grown list",
    "{0}.append(~)",
    "{0}.append({0}[-1] * ~)",
    "{0}.extend([~, ~])",
    "{0}.extend((^)[:2])",
    "{0}.insert(#, ~)",
    "{0} += [~]",
    "{0}.append({0}.pop() * ~)",
    "{0}.insert(0, {0}.pop(0) + ~)",
    "{0}.append({0}.pop(#))",
    "{0}[1:1] = [~]",
)
forms(
    "new rows",
    "[%, %]",
    "[%, ^]",
    "list(np.stack([^, ^]))",
    "[z * ^ for z in (~, ~)]",
    "[%] * 2",
    "[^, (^).copy()]",
)
forms(
    "changed rows",
    "{0}[#] = %",
    "{0}[#][1] = ~",
    "{0}[#] *= ~",
    "{0}[#] += %",
    "{0}[#][:2] += (%)[1:]",
    "{0}[0], {0}[1] = {0}[1], {0}[0]",
    "{0}[#][{0}[#] > 0.1] = ~",
    "{0}.reverse()",
)
forms(
    "new dict",
    "{'p': ~, 'q': ~}",
    "dict(p=~, q=~)",
    "{k: z * 0.5 for k, z in zip('pq', ^)}",
    "dict(zip(('p', 'q'), (~, ~)))",
    "{k: ~ for k in 'pq'}",
    "{'p' if ? else 'r': ~} | {'p': ~, 'q': ~}",
    "dict([('p', ~), ('q', ~)])",
    "dict.fromkeys('pq', ~)",
)
forms("copied dict", "{0}", "dict({0})", "{**{0}, 'q': ~}", "{0} | {'p': ~}", "{0}.copy()")
forms("copied dict", "{k: z * 0.5 for k, z in {0}.items()}", "{'q': ~, **{0}}", "copy.deepcopy({0})")
forms(
    "changed dict",
    "{0}['p'] = ~",
    "{0}['q'] += ~",
    "{0}['p'] *= {0}['q']",
    "{0}.update(p=~)",
    "{0}.update({'q': ~})",
    "{0}['p' + ''] = {0}.pop('p') * ~",
    "{0}['q'] = {0}.setdefault('p', ~) * {0}.get('z', ~)",
    "{0} |= {'q': ~}",
    "{0}['p'], {0}['q'] = {0}['q'], {0}['p']",
)


@statement("containers")
def make(w: Writer) -> None:
    """A new list, list of vectors or dict."""
    kind = w.one_of(("list", "dict", "rows"))
    name = w.fresh(kind)
    w.line(f"{name} = {CONTAINERS.choose(w, f'new {kind}')(w)}")
    w.define(name, kind)


@statement("containers")
def share(w: Writer) -> None:
    """Another name for a list or dict, or a copy of it."""
    kind = w.one_of(("list", "dict"))
    old = some(w, kind)
    if old is None:
        return make(w)
    name = w.fresh(kind)
    w.line(f"{name} = {CONTAINERS.choose(w, f'copied {kind}')(w)}".replace("{0}", old))
    w.define(name, kind)
    return None


@statement("containers")
@statement("containers")
def change(w: Writer) -> None:
    """A write into a container."""
    kind = w.one_of(("list", "dict", "rows"))
    old = w.names(kind, own=True)
    if not old:
        return make(w)
    form = "grown" if kind == "list" and w.scope.growing and w.chance(2) else "changed"
    return w.line(CONTAINERS.choose(w, f"{form} {kind}")(w).replace("{0}", w.one_of(old)))


@statement("containers")
def shrink(w: Writer) -> None:
    """`t = items.pop()`, where something is left."""
    old = w.names("list", own=True)
    if not old or not w.scope.growing:
        return assign(w)
    items, name = w.one_of(old), w.fresh("float")
    way = w.one_of((f"{items}.pop()", f"{items}.pop(0)", f"{items}.pop(1)"))
    w.line(f"{name} = {way} if len({items}) > 2 else {leaf(w)}")
    w.define(name, "float")
    return None


@statement("containers")
def accumulated(w: Writer) -> None:
    """A list that is built in a loop."""
    name, i = w.fresh("list"), w.fresh("int")
    w.line(f"{name} = [{squashed(w, 1)}]")
    with w.block(f"for {i} in range(3):", loop=True):
        w.scope.types[i] = "int"
        w.line(f"{name}.append({squashed(w, 2)} * {name}[{w.one_of((i, '-1', '0'))}])")
    w.define(name, "list")


@statement("containers")
def paired(w: Writer) -> None:
    """A tuple of a float and a vector."""
    name = w.fresh("pair")
    w.line(f"{name} = {w.one_of((f'({squashed(w, 1)}, {vector(w, 1)})', f'{scalar(w, 1)}, {vector(w, 1)}'))}")
    w.define(name, "pair")


@statement("containers")
def parted(w: Writer) -> None:
    """A pair taken apart, its vector shared."""
    old = some(w, "pair")
    if old is None:
        return paired(w)
    number, array = w.fresh("float"), w.fresh("vector")
    w.line(f"{number}, {array} = {old}")
    w.define(number, "float")
    w.define(array, "vector")
    return None
