"""Compiling before any argument exists: the kinds of the parameters come from their annotations."""

from __future__ import annotations

import inspect
import re
import types
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, get_args, get_origin

import numpy as np

from knetc import __version__
from knetc.analysis.kinds import DICT, LIST, NONE, TUPLE, UNKNOWN, Kind, array, kind_of
from knetc.compiled import assembled
from knetc.emit.module import Module
from knetc.emit.standalone import Doors, standalone
from knetc.errors import DtypeError, Refusal
from knetc.front.resolve import free_value
from knetc.gradient import Gradient
from knetc.recording.entry import Recording
from knetc.recording.library import LIBRARY
from knetc.recording.numpy_library import NUMPY
from knetc.session import Session

SIMPLE = {
    float: kind_of(1.0),
    int: kind_of(1),
    bool: kind_of(True),
    str: kind_of(""),
    None: NONE,
    types.NoneType: NONE,
    np.ndarray: array(None, "?"),
    list: LIST,
    tuple: TUPLE,
    dict: DICT,
}
"""The kinds of plain annotations. An array may turn out to have any number of axes, and to hold integers."""


@dataclass(frozen=True)
class Ahead:
    """A function and what to differentiate it by."""

    function: types.FunctionType
    wrt: tuple[str, ...]
    single: bool

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of the parameters. Raises `DtypeError` (KN302) if one of `wrt` has no derivative."""
        kinds = annotated_kinds(self.function)
        for name in self.wrt:
            if not kinds[name].may_be_active:
                message = (
                    f"cannot differentiate with respect to `{name}`, which is annotated as {kinds[name]}"
                )
                raise DtypeError("KN302", message, help="annotate it as a float, or choose others by `--wrt`")
        return kinds

    def gradient(self) -> Module:
        """The gradient as one function, with the sweeps that it calls."""
        session = Session()
        session.gradient(self.function, self.kinds, frozenset(self.wrt), value=False)
        return assembled(session)

    def text(self) -> tuple[str, Refusal | None]:
        """The gradient as text; the recorded form and the reason where it has to be recorded. Raises `Refusal`."""
        try:
            return self.gradient().text, None
        except Refusal as refusal:
            if not _may_be_recorded(refusal, self.function):
                raise
            signature = inspect.signature(self.function)
            return Recording(self.function, signature, self.wrt).text, refusal

    def module(self) -> str:
        """The text of a module with `forward`, `backward` and `grad`. Raises `Refusal`."""
        session, kinds, wrt = Session(), self.kinds, frozenset(self.wrt)
        pair = session.pair(self.function, kinds, wrt)
        grad = session.gradient(self.function, kinds, wrt, value=False)
        doors = Doors(pair.forward, pair.backward, grad, self.wrt, self.single)
        module = assembled(session)
        return standalone(session.generated, module, doors, self._doc())

    def _doc(self) -> str:
        file, name = PurePath(self.function.__code__.co_filename).name, self.function.__name__
        wrt, params = ", ".join(self.wrt), ", ".join(inspect.signature(self.function).parameters)
        rows = {f"forward({params})": "value, residuals", "backward(residuals, bar)": f"cotangents of {wrt}"}
        rows[f"grad({params})"] = f"gradient with respect to {wrt}"
        width = max(map(len, rows))
        table = "\n".join(f"    {call:<{width}} -> {result}" for call, result in rows.items())
        return f"`{name}` of {file} and its derivatives, written by knetc {__version__}.\n\n{table}\n"


def ahead(function: Any, wrt: str | None) -> Ahead:
    """The function behind a name in the user's module; `wrt` as on the command line, `w,b`.

    By default a decorated function is differentiated by what its decorator says, any other by its first parameter.
    Raises `ArgumentError` for a `wrt` that names no parameter (KN303), and for what is no function (KN304).
    """
    if isinstance(function, Gradient) and wrt is None:
        return Ahead(function.function, function.wrt, len(function.wrt) == 1)
    names = tuple(name.strip() for name in wrt.split(",")) if wrt else (0,)
    plain = function.function if isinstance(function, Gradient) else function
    gradient = Gradient(plain, names, value=False, source=None)
    return Ahead(gradient.function, gradient.wrt, single=len(names) == 1)


def _may_be_recorded(refusal: Refusal, function: types.FunctionType) -> bool:
    """Whether a tape would go further; for numpy and scipy it knows no other rules than the compiler."""
    found = re.search(r"cannot differentiate `((?:np|numpy|scipy)\.[\w.]+)`, which has no rule", str(refusal))
    if found is None:
        return True
    name, *path = found[1].split(".")
    callee: Any = free_value(function, name)
    for part in path:
        callee = getattr(callee, part, None)
    return callee in LIBRARY or callee in NUMPY


def annotated_kinds(function: types.FunctionType) -> dict[str, Kind]:
    """The kinds of the parameters by their annotations; unknown where there is none, or none that can be evaluated.

    >>> def f(x: float, labels: list[int], w): ...
    >>> {name: str(kind) for name, kind in annotated_kinds(f).items()}
    {'x': 'float', 'labels': 'list[int]', 'w': 'unknown'}
    """
    try:
        signature = inspect.signature(function, follow_wrapped=False, eval_str=True)
    except Exception:  # noqa: BLE001 - an annotation may be any expression, right or wrong
        signature = inspect.signature(function, follow_wrapped=False)
    return {p.name: _kind(p.annotation) for p in signature.parameters.values()}


def _kind(hint: Any) -> Kind:
    origin, args = get_origin(hint), get_args(hint)
    alias = getattr(origin or hint, "__value__", None)  # of `type NDArray[T] = ...`
    if alias is not None:
        return _kind(alias)
    if origin is list and len(args) == 1:
        return Kind("list", items=(_kind(args[0]),))
    if origin is tuple and args and ... not in args:
        return Kind("tuple", items=tuple(map(_kind, args)))
    try:
        return SIMPLE.get(origin or hint, UNKNOWN)
    except TypeError:  # an annotation that cannot be a key
        return UNKNOWN
