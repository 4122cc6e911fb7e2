"""The kind of an op's result from the kinds of its arguments: one line per family, `array[...]` for the rest."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from knetc.analysis.kinds import (
    BOOL,
    BOTTOM,
    FLOAT,
    INT,
    LIST,
    UNKNOWN,
    Kind,
    array,
    axes_of,
    broadcast,
    join,
)
from knetc.ir.nodes import Apply, Const, Expr, Name, TupleExpr, Verbatim

FLOATING = {
    "np.true_divide", "np.divide", "np.exp", "np.exp2", "np.expm1", "np.log", "np.log2", "np.log10", "np.log1p",
    "np.sqrt", "np.sin", "np.cos", "np.tan", "np.tanh", "np.sinh", "np.cosh", "np.arctan", "np.arctan2", "np.hypot",
    "sigm",
}  # fmt: skip
REDUCTIONS = {
    "np.sum", "np.prod", "np.mean", "np.var", "np.std", "np.max", "np.min", "np.amax", "np.amin", "logsumexp",
    "np.median", "np.ptp", "np.nansum", "np.nanmean",
}  # fmt: skip
CREATED = {"np.zeros", "np.ones", "np.empty", "np.full"}
TESTS = {"np.isnan", "np.isfinite", "np.isinf", "np.less", "np.greater", "np.equal", "np.less_equal",
         "np.greater_equal", "np.not_equal", "np.logical_and", "np.logical_or", "np.logical_not"}  # fmt: skip
SAME = {"np.cumsum", "np.cumprod", "np.copy", "np.flip", "np.roll", "np.sort", "np.tril", "np.triu", "softmax",
        "logsoftmax", "dropout", "add_bias", "rotary", "batchnorm", "layernorm", "groupnorm", "rmsnorm",
        "np.zeros_like", "np.ones_like", "np.full_like", "np.empty_like"}  # fmt: skip
LISTS = {"np.split", "np.array_split", "np.hsplit", "np.vsplit", "np.dsplit", "np.broadcast_arrays",
         "np.unstack"}  # fmt: skip
INTEGER_RESULT = {"np.argmax", "np.argmin", "np.argsort", "np.nonzero", "np.searchsorted", "np.count_nonzero"}
PYTHON = {
    "builtins.len": INT, "builtins.int": INT, "builtins.isinstance": BOOL, "builtins.bool": BOOL,
    "builtins.str": Kind("str"), "builtins.format": Kind("str"),
    "builtins.repr": Kind("str"), "builtins.range": UNKNOWN, "builtins.any": BOOL,
    "builtins.all": BOOL, "builtins.callable": BOOL, "builtins.hasattr": BOOL, "np.ndim": INT, "np.size": INT,
    "np.shape": Kind("tuple"), "builtins.float": FLOAT,
}  # fmt: skip


def result_kind(apply: Apply, kinds: tuple[Kind, ...], options: dict[str, Kind]) -> Kind:
    """The kind of an op's result."""
    name = apply.op.name
    if BOTTOM in kinds:
        return BOTTOM
    if name in PYTHON:
        return PYTHON[name]
    if apply.spelled == "+=" and kinds[0].tag == "list" and kinds[1].tag == "array":
        return LIST  # it gets the items of the array
    if any(k.tag in ("list", "tuple", "str") for k in kinds) and apply.spelled in ("+", "*", "+=", "*="):
        return _sequence(kinds)
    if apply.spelled in ("%", "%=") and kinds[0].tag == "str":  # it formats
        return kinds[0]
    if name in CREATED:
        return _created(apply, kinds)
    if name in LISTS:
        return Kind("list", items=(array(None, kinds[0].dtype if kinds[0].tag == "array" else "f"),))
    if name in ("builtins.max", "builtins.min", "builtins.sum"):
        return _of_items(kinds)
    if name in INTEGER_RESULT:
        return array(None, "i")
    if name in TESTS:
        return _with_dtype(_elementwise(kinds), "i")
    if apply.op.kind == "elementwise":
        kind = _elementwise(kinds)
        return _floating(kind) if name in FLOATING else kind
    if name in REDUCTIONS:
        return _reduction(apply, kinds[0])
    if name in SAME and "dtype" in options:
        return array(kinds[0].axes if kinds[0].tag == "array" else None, _dtype(apply))
    if name in SAME:
        made = array() if kinds[0].tag in ("list", "tuple") else UNKNOWN
        return kinds[0] if kinds[0].tag in ("array", "float") else made
    special = _SPECIAL.get(name)
    return special(apply, kinds) if special is not None else _unknown_array(apply)


def _unknown_array(apply: Apply) -> Kind:
    return array(None, "?") if apply.op.kind != "nondifferentiable" else UNKNOWN


def _sequence(kinds: tuple[Kind, ...]) -> Kind:
    tags = {k.tag for k in kinds} - {"int"}
    if tags == {"list"}:
        return functools.reduce(join, (k for k in kinds if k.tag == "list"))
    return Kind(tags.pop()) if len(tags) == 1 and tags <= {"tuple", "str"} else UNKNOWN


FLOATS = {"float", "float64", "float32", "float16", "double", "single"}
INTEGERS = {"int", "int64", "int32", "bool", "bool_", "intp"}


def _dtype(apply: Apply) -> str:
    """The dtype of a new array: of floats, unless something else is asked for."""
    options = dict(apply.kwargs)
    asked = options.get("dtype", apply.args[1] if len(apply.args) > 1 else None)
    if asked is None:
        return "f"
    node = asked.node if isinstance(asked, Verbatim) else None
    name = getattr(node, "attr", getattr(node, "id", asked.id if isinstance(asked, Name) else ""))
    return "f" if name in FLOATS else "i" if name in INTEGERS else "?"


def _created(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    """An array of a given shape."""
    shape = constant(apply.args[0]) if apply.args else None
    sizes = shape if isinstance(shape, tuple) else (shape,) if isinstance(shape, int) else None
    dtype = _dtype(apply)
    if sizes is None:
        return array("?" * kinds[0].rank if kinds and kinds[0].rank is not None else None, dtype)
    return array("".join("1" if n == 1 else "n" for n in sizes), dtype)


def _of_items(kinds: tuple[Kind, ...]) -> Kind:
    """The kind of `max(a, b)` or of `max(items)`."""
    found = BOTTOM
    for kind in kinds if len(kinds) > 1 else kinds[0].items or (UNKNOWN,):
        found = join(found, kind)
    return found


def _elementwise(kinds: tuple[Kind, ...]) -> Kind:
    kind = kinds[0]
    for other in kinds[1:]:
        kind = broadcast(kind, other)
    return kind if kind.tag in ("float", "int", "bool", "array", "object", "unknown") else UNKNOWN


def _floating(kind: Kind) -> Kind:
    return FLOAT if kind.tag in ("int", "bool") else _with_dtype(kind, "f")


def _with_dtype(kind: Kind, dtype: str) -> Kind:
    if kind.tag == "array":
        return array(kind.axes, dtype)
    return BOOL if kind.is_scalar and dtype == "i" else kind


def option(apply: Apply, name: str, position: int, default: Any) -> Any:
    """The constant value of an option, `default` if it is not given, or an expression if it is not constant."""
    given: Expr | None = dict(apply.kwargs).get(name)
    if given is None and len(apply.args) > position:
        given = apply.args[position]
    return default if given is None else constant(given)


def constant(expr: Expr) -> Any:
    """The Python value of a constant expression, or the expression itself."""
    if isinstance(expr, Const):
        return expr.value
    if isinstance(expr, TupleExpr) and all(isinstance(e, Const) for e in expr.items):
        return tuple(e.value for e in expr.items if isinstance(e, Const))
    return expr


def _reduction(apply: Apply, kind: Kind) -> Kind:
    axis = option(apply, "axis", 1, -1 if apply.op.name == "logsumexp" else None)
    keepdims = option(apply, "keepdims", 99, False)
    if axis is None and keepdims is False:
        return FLOAT if kind.tag != "array" or kind.dtype != "i" or "mean" in apply.op.name else INT
    axes = axes_of(kind)
    if axes is None or not isinstance(keepdims, bool):
        return array(None, kind.dtype)
    if axis is None:
        return array("1" * len(axes), kind.dtype)
    if not isinstance(axis, int | tuple):
        return array(None, kind.dtype)
    gone = {a % len(axes) for a in ((axis,) if isinstance(axis, int) else axis)} if axes else set()
    kept = [("1" if keepdims else "") if i in gone else a for i, a in enumerate(axes)]
    rest = "".join(kept)
    return FLOAT if rest == "" and kind.dtype == "f" else array(rest, kind.dtype)


def _matmul(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    a, b = axes_of(kinds[0]), axes_of(kinds[1])
    if not a or not b or len(a) > 2 or len(b) > 2:
        return array(None, "f") if None not in (a, b) else array(None, "?")
    rest = (a[:-1]) + (b[-1] if len(b) == 2 else "")
    return array(rest, "f") if rest else FLOAT


def _outer(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    a, b = (axes_of(k) for k in kinds[:2])
    flat = [x if x is not None and len(x) == 1 else "?" for x in (a, b)]
    return array("".join(flat), "f")


def _transpose(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    axes = axes_of(kinds[0])
    plain = len(apply.args) == 1 and not apply.kwargs
    known = axes is not None and plain
    return array(axes[::-1] if known and axes is not None else None, kinds[0].dtype)


def _reshape(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    sizes: list[Any] = [constant(a) for a in apply.args[1:]]
    if len(sizes) == 1:
        [only] = sizes
        items = only if isinstance(only, tuple) else only.items if isinstance(only, TupleExpr) else None
        sizes = list(items) if items is not None else sizes
        if items is None and isinstance(only, Name):
            return array(None, kinds[0].dtype)
    axes = "".join("1" if s in (1, Const(1)) else "n" if isinstance(s, int) and s > 1 else "?" for s in sizes)
    return array(axes, kinds[0].dtype)


def _conv(w: Kind, x: Kind) -> Kind:
    if not w.axes or not x.axes:
        return array(None, "f")
    return array(x.axes[0] + w.axes[0] + "?" * (len(x.axes) - 2), "f")


def _embed(kinds: tuple[Kind, ...]) -> Kind:
    w, ids = kinds[0], axes_of(kinds[1]) if len(kinds) > 1 else None
    return array(
        None if ids is None or not w.axes else ids + w.axes[-1], w.dtype if w.tag == "array" else "f"
    )


def _deconv(w: Kind, x: Kind) -> Kind:
    return array(x.axes[0] + "?" * (len(x.axes) - 1) if x.axes else None, "f")


def _images(x: Kind) -> Kind:
    """Other images of as many channels."""
    return array(x.axes[:2] + "?" * (len(x.axes) - 2) if x.axes else None, "f")


def _linear(w: Kind, x: Kind) -> Kind:
    return array(x.axes[:-1] + w.axes[0] if w.axes and x.axes else None, "f")


def _attention(kinds: tuple[Kind, ...]) -> Kind:
    q, k, v = (*(kind.axes for kind in kinds), None, None, None)[:3]
    if q is None or k is None or v is None or not 2 <= len(q) == len(k) == len(v):
        return array(None, "f")
    leading = "".join(a if a == b == c else "?" for a, b, c in zip(q[:-2], k[:-2], v[:-2], strict=True))
    return array(leading + q[-2] + v[-1], "f")


def _where(apply: Apply, kinds: tuple[Kind, ...]) -> Kind:
    if len(kinds) != 3:
        return UNKNOWN
    both = broadcast(kinds[1], kinds[2])
    whole = broadcast(kinds[0], both) if kinds[0].tag == "array" else both
    return (
        array(whole.axes, both.dtype)
        if whole.tag == "array" and both.tag == "array"
        else (array(whole.axes, "f" if both.tag == "float" else "?") if whole.tag == "array" else whole)
    )


def _loss(apply: Apply, _: tuple[Kind, ...]) -> Kind:
    return FLOAT if option(apply, "average", 99, True) is True else UNKNOWN


_SPECIAL: dict[str, Callable[[Apply, tuple[Kind, ...]], Kind]] = {
    "np.linalg.slogdet": lambda apply, kinds: Kind("tuple", items=(array(None), array(None))),
    "np.matmul": _matmul,
    "np.dot": _matmul,
    "np.outer": _outer,
    "np.transpose": _transpose,
    "np.reshape": _reshape,
    "np.where": _where,
    "np.ravel": lambda apply, kinds: array("?", kinds[0].dtype),
    "mat": lambda apply, kinds: array(
        "??" if len(apply.args) > 1 or not kinds[0].axes else kinds[0].axes[0] + "?", "f"
    ),
    "conv4": lambda apply, kinds: _conv(kinds[0], kinds[1]),
    "attention": lambda apply, kinds: _attention(kinds),
    "deconv4": lambda apply, kinds: _deconv(kinds[0], kinds[1]),
    "pool": lambda apply, kinds: _images(kinds[0]),
    "unpool": lambda apply, kinds: _images(kinds[0]),
    "zeropad": lambda apply, kinds: _images(kinds[0]),
    "linear": lambda apply, kinds: _linear(kinds[0], kinds[1]),
    "bmm": lambda apply, kinds: array("?" * len(kinds[0].axes) if kinds[0].axes else None, "f"),
    "embed": lambda apply, kinds: _embed(kinds),
    "np.linalg.det": lambda apply, kinds: (
        FLOAT if axes_of(kinds[0]) and len(kinds[0].axes or "") == 2 else array(None, "f")
    ),
    "np.linalg.norm": lambda apply, kinds: (
        FLOAT if len(apply.args) < 3 and not dict(apply.kwargs) else array(None, "f")
    ),
    "np.linalg.inv": lambda apply, kinds: array(kinds[0].axes, "f"),
    "np.concatenate": lambda apply, kinds: array(None, "f"),
    "recurrence": lambda apply, kinds: Kind("tuple", items=(array(None, "f"), array(None, "f"), UNKNOWN)),
    "nll": _loss,
    "bce": _loss,
    "logistic": _loss,
}
