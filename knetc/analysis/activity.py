"""Activity: which names carry a derivative. Active = varied (depends on an input) and useful (an output depends on it).

Both are sets of names, found by iteration over the statements. Integers, strings and shapes are never varied, so that
a statement that only computes with them is copied as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knetc.analysis.aliases import alias_classes
from knetc.analysis.infer import SHAPE_ATTRIBUTES, Kinds
from knetc.analysis.kinds import UNKNOWN
from knetc.ir import nodes as ir
from knetc.ir.flow import is_augmented
from knetc.ir.walk import appended, children, iterables, statements, stored_into, target_names


@dataclass(frozen=True)
class Activity:
    """The differentiated parameters, the active names, and for each varied name the one that made it so."""

    wrt: frozenset[str]
    active: frozenset[str]
    varied: frozenset[str]
    useful: frozenset[str]
    cause: dict[str, str]
    classes: dict[str, frozenset[str]]

    def why(self, name: str) -> str:
        """The chain from a varied name to the input, in words."""
        chain = [name]
        while self.cause.get(chain[-1], chain[-1]) not in chain:
            chain.append(self.cause[chain[-1]])
        return f"`{chain[0]}` depends on `{chain[-1]}`" if len(chain) > 1 else f"`{name}` is differentiated"


Passive = Callable[[ir.Call], bool]


def activity(
    function: ir.Function, wrt: frozenset[str], kinds: Kinds, passive: Passive = lambda call: False
) -> Activity:
    """The activity of every name; `passive` tells calls whose result never depends on their arguments."""
    classes = alias_classes(function.body, kinds)
    varied, cause = _varied(function, wrt, kinds, classes, passive)
    useful = _useful(function, kinds, classes, passive)
    return Activity(wrt, varied & useful, varied, useful, cause, classes)


Flow = tuple[frozenset[str], frozenset[str]]
"""Names written, names read in such a way that a derivative passes."""


NUMBERS = ("float", "int", "bool", "array")
"""What is not changed when a list that holds it grows."""


def flows(
    function: ir.Function, kinds: Kinds, classes: dict[str, frozenset[str]], passive: Passive
) -> Iterator[Flow]:
    """What flows where, statement by statement."""
    for stmt in statements(function.body):
        match stmt:
            case ir.Assign(target=ir.Item()) | ir.Accumulate():
                yield _class_of(stored_into(stmt), classes), carried(stmt.value, passive)
            case ir.Do() if (growth := appended(stmt)) is not None:
                held = _class_of(stored_into(stmt), classes)
                yield (
                    frozenset(n for n in held if kinds.get(n, UNKNOWN).tag not in NUMBERS),
                    carried(growth[1], passive),
                )
            case ir.Assign():
                names = frozenset(target_names(stmt.target))
                yield _class_of(names, classes) if is_augmented(stmt) else names, carried(stmt.value, passive)
            case ir.For():
                sources = frozenset(n for e in iterables(stmt.iter) for n in carried(e, passive))
                yield frozenset(target_names(stmt.target)), sources
            case ir.Opaque():
                yield stmt.writes | _class_of(stmt.mutates, classes), stmt.carries


def _class_of(names: frozenset[str], classes: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(m for n in names for m in classes.get(n, {n}))


def carried(e: ir.Expr, passive: Passive) -> frozenset[str]:
    """The names on which the value of an expression depends differentiably."""
    match e:
        case ir.Name():
            return frozenset((e.id,))
        case ir.Verbatim():
            return e.carries if e.kind == "unknown" else frozenset()
        case ir.Apply() if e.op.kind == "nondifferentiable":
            return frozenset()
        case ir.Attr() if e.name in SHAPE_ATTRIBUTES:
            return frozenset()
        case ir.Item():
            return carried(e.value, passive)
        case ir.Call() if passive(e):
            return frozenset()
        case _:
            return frozenset(n for child in children(e) for n in carried(child, passive))


def _varied(
    function: ir.Function,
    wrt: frozenset[str],
    kinds: Kinds,
    classes: dict[str, frozenset[str]],
    passive: Passive,
) -> tuple[frozenset[str], dict[str, str]]:
    varied = {name for name in wrt if kinds.get(name, UNKNOWN).may_be_active}
    cause: dict[str, str] = {}
    edges = list(flows(function, kinds, classes, passive))
    size = -1
    while size != len(varied):
        size = len(varied)
        for written, read in edges:
            origin = next(iter(sorted(read & varied)), None)
            if origin is None:
                continue
            for name in written - varied:
                if kinds.get(name, UNKNOWN).may_be_active:
                    varied.add(name)
                    cause[name] = origin
    return frozenset(varied), cause


def _useful(
    function: ir.Function, kinds: Kinds, classes: dict[str, frozenset[str]], passive: Passive
) -> frozenset[str]:
    useful = {
        name
        for s in statements(function.body)
        if isinstance(s, ir.Return)
        for name in carried(s.value, passive)
    }
    edges = list(flows(function, kinds, classes, passive))
    size = -1
    while size != len(useful):
        size = len(useful)
        for written, read in edges:
            if written & useful:
                useful |= read
    return frozenset(useful)
