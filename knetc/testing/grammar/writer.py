"""What writes a random program: lines, blocks, the names in scope by their types, and all choices.

float    a number (a float, a numpy scalar or an array without axes)
vector   an array of 3
matrix   an array of 2 by 3
list     a list of at least 2 floats
rows     a list of at least 2 vectors
dict     a dict with the keys "p" and "q", of floats
pair     a tuple of a float and a vector
int      a small integer that nothing assigns to
function a function of one float, with a float for a result
object   an object of a class of the module
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Choose = Callable[[int], int]
Item = TypeVar("Item")
Made = TypeVar("Made")
Production = TypeVar("Production", bound=Callable[..., object])
Text = Callable[..., str]

FAMILIES = ("arithmetic", "flow", "stores", "containers", "functions", "objects")
"""What a program is made of: the first stands for the core of the language, which every program has some of."""

LETTERS = {
    "float": "t",
    "vector": "v",
    "matrix": "m",
    "list": "items",
    "rows": "rows",
    "dict": "d",
    "pair": "pair",
    "int": "n",
    "function": "g",
    "object": "cell",
}
EMPHASIS = 4


@dataclass
class Scope:
    """Names that may be read, and those of them that may be assigned to."""

    types: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    loops: int = 0
    growing: bool = True
    returns: bool = True
    depth: int = 0


@dataclass(frozen=True)
class Helper:
    """A function of the module: its name and the types of its parameters; the result is a float."""

    name: str
    params: tuple[str, ...]


class Table(Generic[Made]):
    """Productions by kind, each with its family.

    >>> table = Table[str]()
    >>> @table.add("flow")
    ... def ternary(w):
    ...     return "a if c else b"
    >>> table.choose(Writer(lambda n: 0, "flow"))(None)
    'a if c else b'
    """

    def __init__(self) -> None:
        self.entries: dict[str, list[tuple[str, Callable[..., Made]]]] = {}

    def add(self, family: str, kind: str = "") -> Callable[[Production], Production]:
        """Enter a production, of a kind."""

        def enter(production: Production) -> Production:
            self.entries.setdefault(kind, []).append((family, production))  # type: ignore[arg-type]
            return production

        return enter

    def choose(self, w: Writer, kind: str = "") -> Callable[..., Made]:
        """A production of a kind, those of the program's family more often."""
        entries = self.entries[kind]
        weighted = [p for family, p in entries for _ in range(w.weight(family))]
        return w.one_of(weighted or [p for _, p in entries])


class Writer:
    """A program in the making.

    >>> w = Writer(lambda n: 0, "flow")
    >>> with w.block("if True:"):
    ...     w.line(f"{w.fresh('float')} = 1.0")
    >>> print(w.text())
    if True:
        t0 = 1.0
    """

    def __init__(self, choose: Choose, family: str, *, pure: bool = False) -> None:
        self.choose = choose
        self.family = family
        self.pure = pure
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.scope = Scope()
        self.helpers: list[Helper] = []
        self.limit = 60

    # ---- choices

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of several; the first is the simplest."""
        return items[self.choose(len(items))]

    def chance(self, n: int) -> bool:
        """True once in n times."""
        return self.choose(n) == n - 1

    def weight(self, family: str) -> int:
        """How often a production of a family stands in its table: 0 for the others if the program is pure."""
        return EMPHASIS if family == self.family else int(family == FAMILIES[0] or not self.pure)

    def fill(self, text: str, holes: dict[str, Callable[[], str]]) -> str:
        """A text with what is written for each hole, a character of its own."""
        return "".join(holes[c]() if c in holes else c for c in text)

    def constant(self) -> str:
        """A float between 0.2 and 1.6."""
        return self.one_of(("0.5", "1.5", "0.25", "1.0", "0.75", "1.25", "-0.5"))

    # ---- names

    def fresh(self, kind: str) -> str:
        """A new name, not yet in scope."""
        self.count += 1
        return f"{LETTERS[kind]}{self.count - 1}"

    def define(self, name: str, kind: str) -> str:
        """Take a name into scope, to be read and written."""
        self.scope.types[name] = kind
        self.scope.own.add(name)
        return name

    def names(self, kind: str, *, own: bool = False) -> list[str]:
        """The names of a type in scope, the latest first."""
        found = [n for n, k in self.scope.types.items() if k == kind and (not own or n in self.scope.own)]
        return found[::-1]

    def target(self, kind: str) -> str:
        """A name to assign to, new or old; `define` it after the value has been written."""
        old = self.names(kind, own=True)
        return self.one_of(old) if old and self.chance(2) else self.fresh(kind)

    # ---- lines

    def line(self, text: str) -> None:
        """Write a line at the present indentation."""
        self.lines.append("    " * self.indent + text)

    @property
    def plain(self) -> bool:
        """Whether the program is to have nothing but the core of the language."""
        return self.pure and self.family == FAMILIES[0]

    @property
    def full(self) -> bool:
        """Whether it is time to come to an end."""
        return len(self.lines) > self.limit

    @contextmanager
    def block(self, head: str, *, loop: bool = False) -> Iterator[None]:
        """An indented block; what is defined in it is not in scope after it."""
        outer = self.scope
        self.scope = Scope(
            dict(outer.types),
            set(outer.own),
            outer.loops + loop,
            outer.growing,
            outer.returns,
            outer.depth + 1,
        )
        self.line(head)
        self.indent += 1
        yield
        self.indent -= 1
        self.scope = outer

    @contextmanager
    def function(self, head: str, params: dict[str, str], *, outside: bool = True) -> Iterator[None]:
        """The body of a function, in which names of outside can be read only."""
        with self.block(head):
            if not outside:
                self.scope.types.clear()
            self.scope.own.clear()
            self.scope.loops = 0 if not outside else 1
            self.scope.returns = True
            known = self.scope.types
            self.scope.types = {n: k for n, k in known.items() if k != "function"}  # no towers of calls
            for name, kind in params.items():
                self.define(name, kind)
            yield

    def text(self) -> str:
        """What has been written."""
        return "\n".join(self.lines)
