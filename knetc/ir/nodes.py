"""The intermediate representation: a structured, frozen picture of one Python function.

    Function  = (name, params, body)
    Stmt      = Assign | Accumulate | Do | Opaque | If | For | While | Break | Continue | Return | Record | Replay
    Expr      = Name | Const | Runtime | Apply | Call | DynamicCall | Invoke | Attr | Item | Slice
              | TupleExpr | ListExpr | DictExpr | Verbatim
    Iter      = Range | Each | Zip | Enumerate          what a `for` walks over

Control flow stays nested, as in the source, so that what is printed reads like what was written. Whatever knetc
does not need to understand is carried as it stands (`Verbatim`, `Opaque`) with the names it reads and writes.
Nodes compare by content and carry no analysis facts; facts are returned by the analyses, keyed by name.

    Function  a user's function, its forward sweep, its backward sweep or its gradient: all the same type
    Apply     an operation with a rule, however it was spelled: `x * y`, `np.multiply(x, y)`, `x.sum()`
    Call      a user function known when compiling: runs its compiled forward sweep
    DynamicCall  a callee known only at run time: `layer(x)`, `self.act(x)`
    Invoke    any other call, not to be differentiated: run-time half, or a generated function
    Record    where the forward sweep keeps what a round of a loop leaves behind, and
    Replay    the loop of the backward sweep that reads it; `diff.residuals` turns both into ordinary statements

Why this long: one small class after another, which are easier to know when they stand together.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from knetc.errors import Place
from knetc.ops.registry import Op

# ---- expressions


@dataclass(frozen=True)
class Name:
    """A local variable, or a global or captured name that the user's code reads."""

    id: str


@dataclass(frozen=True)
class Const:
    """A number, string, None, True, False or `...`."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Const)
            and type(self.value) is type(other.value)
            and repr(self.value) == repr(other.value)
        )

    def __hash__(self) -> int:
        return hash(repr(self.value))


@dataclass(frozen=True)
class Runtime:
    """A name of numpy or of knetc's run-time half, imported by the generated module: `np.tanh`, `unbroadcast`.

    What no module has under that name, such as an operation that a user defined in a function, is `held` itself.
    """

    name: str
    module: str
    held: Any = None


@dataclass(frozen=True)
class Apply:
    """An operation with a rule. `spelled` is an operator (`*`), a method (`.sum`), or a dotted name (`np.sum`).

    A function of `math` makes a float of whatever it gets: that is `scalar`.
    """

    op: Op
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...]
    spelled: str | Runtime
    place: Place | None = field(default=None, compare=False)
    scalar: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Call:
    """A call of a user function that is known when compiling; `function` is the Python object.

    A method is called on its first argument, an object of the class `owner`; `__call__` is called by calling that.
    """

    function: Any
    spelled: str
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...]
    place: Place | None = field(default=None, compare=False)
    owner: Any = None


@dataclass(frozen=True)
class DynamicCall:
    """A call whose callee is a value: dispatched, compiled and cached at run time."""

    function: Expr
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Invoke:
    """A plain call in generated code."""

    function: Expr
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True)
class Attr:
    """An attribute read, `value.name`."""

    value: Expr
    name: str
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Item:
    """A subscript read, `value[index]`."""

    value: Expr
    index: Expr
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Slice:
    """`lower:upper:step` inside a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(frozen=True)
class TupleExpr:
    """`(a, b)`; also the target of an unpacking assignment."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class ListExpr:
    """`[a, b]`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class DictExpr:
    """`{k: v}`."""

    keys: tuple[Expr, ...]
    values: tuple[Expr, ...]


@dataclass(frozen=True)
class Verbatim:
    """An expression copied as it stands. `reads` are the local names in it, `kind` what is known of its value.

    `carries` are those of which it reads more than the shape: the ones that could make its value active.

    It is never differentiated: if its value is active, the function is refused at `place`. `cls` is the class of an
    object that it constructs.
    """

    node: ast.expr
    reads: frozenset[str]
    kind: str = "unknown"
    what: str = ""
    place: Place | None = field(default=None, compare=False)
    carries: frozenset[str] = frozenset()
    cls: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verbatim) and ast.dump(self.node) == ast.dump(other.node)

    def __hash__(self) -> int:
        return hash(self.reads)


Expr = (
    Name | Const | Runtime | Apply | Call | DynamicCall | Invoke | Attr | Item | Slice
    | TupleExpr | ListExpr | DictExpr | Verbatim
)  # fmt: skip

# ---- what a `for` walks over


@dataclass(frozen=True)
class Range:
    """`range(...)` of integers."""

    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Each:
    """The elements of one iterable value."""

    value: Expr


@dataclass(frozen=True)
class Zip:
    """`zip(...)` of several."""

    items: tuple[Iter, ...]


@dataclass(frozen=True)
class Enumerate:
    """`enumerate(inner, start)`."""

    inner: Iter
    start: Expr | None


Iter = Range | Each | Zip | Enumerate

# ---- statements


@dataclass(frozen=True)
class Assign:
    """`target = value`. The target is a name, a tuple of targets, an item of an array, in generated code any item.

    An `augmented` one was written `xs[i] *= e`: what an item of a list holds may have been changed in place.
    """

    target: Expr
    value: Expr
    place: Place | None = field(default=None, compare=False)
    augmented: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Accumulate:
    """`target += value` in place, where the target is an item of an array; in generated code also a cotangent."""

    target: Expr
    value: Expr
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Do:
    """An expression evaluated for its effect: `hs.append(h)` on a list; in generated code any call."""

    value: Expr
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Opaque:
    """A statement copied as it stands: inactive code of any kind. `mutates` are names whose value it may change."""

    node: ast.stmt
    reads: frozenset[str]
    writes: frozenset[str]
    mutates: frozenset[str] = frozenset()
    what: str = ""
    place: Place | None = field(default=None, compare=False)
    carries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class If:
    """`if test: then else: orelse`; an `elif` is an `If` alone in `orelse`."""

    test: Expr
    then: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class For:
    """`for target in iter: body`."""

    target: Expr
    iter: Iter
    body: tuple[Stmt, ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class While:
    """`while test: body`."""

    test: Expr
    body: tuple[Stmt, ...]
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Break:
    """Leave the innermost loop."""

    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Continue:
    """Go on with the next round of the innermost loop."""

    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Return:
    """Leave the function with a value."""

    value: Expr
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Record:
    """End of a round of a loop in the forward sweep: what its adjoint reads is appended to the list `steps`."""

    steps: str
    exit: int = 0
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Replay:
    """A loop of the backward sweep: the rounds recorded in `steps`, last first. `loop` is the forward loop's header.

    `index` counts the rounds, if the body reads it; `leave` names how a round was left, if it has several ends;
    `binds` are the names that it may bind anew in each round.
    """

    steps: str
    loop: For | While
    index: str
    leave: str
    jumps: bool
    body: tuple[Stmt, ...]
    binds: frozenset[str] = frozenset()
    place: Place | None = field(default=None, compare=False)


Stmt = Assign | Accumulate | Do | Opaque | If | For | While | Break | Continue | Return | Record | Replay
Block = tuple[Stmt, ...]
Jump = Break | Continue | Return


@dataclass(frozen=True)
class Param:
    """A parameter. `kind` is the name of its `inspect.Parameter` kind, `default` the expression in the source."""

    name: str
    kind: str = "POSITIONAL_OR_KEYWORD"
    default: Expr | None = None


@dataclass(frozen=True)
class Function:
    """One function. `origin` is the Python object it was read from, `names` all names in its text.

    `invented` are the names that the front has made up, `rebinds` the parameters whose last value it returns as well.
    """

    name: str
    params: tuple[Param, ...]
    body: Block
    doc: str = ""
    origin: Any = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)
    names: frozenset[str] = field(default=frozenset(), compare=False)
    invented: frozenset[str] = field(default=frozenset(), compare=False)
    rebinds: frozenset[str] = field(default=frozenset(), compare=False)
