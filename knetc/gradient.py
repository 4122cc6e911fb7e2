"""The gradient of a function: compiled for each kind of arguments, recorded where there is no adjoint to compile."""

from __future__ import annotations

import copy
import functools
import importlib
import os
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from knetc.analysis.kinds import Kind
from knetc.analysis.lengths import letters
from knetc.arguments import (
    Facts,
    annotated_kind,
    are_mixed,
    not_differentiable,
    plain_function,
    signature_of,
    width,
)
from knetc.compiled import Cache, Compiled, Variant, bind_all, default_keys, finish, key_of, kinds_of, sweeps
from knetc.errors import ArgumentError, KnetcError, Refusal
from knetc.ops import call
from knetc.recording import nested
from knetc.recording.entry import Recording
from knetc.recording.protocol import Recorder
from knetc.runtime.ownership import are_plain, own
from knetc.runtime.rows import dense
from knetc.runtime.training import Training
from knetc.runtime.tree import differentiable, gradient_of
from knetc.selfcheck import check_gradient
from knetc.session import Session
from knetc.settings import config, options
from knetc.traceback import explained

call.compiler[:] = [sweeps]
Wrt = int | str | tuple[int | str, ...]
BUG = "knetc could not compile `{0}` ({1}): a bug, please report it. The function is recorded instead."


@dataclass(frozen=True)
class Residuals:
    """What a forward sweep leaves for its backward sweep."""

    values: Any
    backward: Callable[[Any, Any], Any]


class Gradient:
    """The gradient of a function: call it like the function. With `rows`, a gradient of few rows comes as `Rows`.

    `source` is the generated text of the variant that was used last (before the first call, of one made from the
    annotations); `forward` and `backward` are its two sweeps, the way a caller in turn differentiates through it.

    >>> square = Gradient(lambda x: x * x, 0, value=False, source=None)
    >>> square(3.0)
    6.0
    >>> value, residuals = square.forward(3.0)
    >>> value, square.backward(residuals, 1.0)
    (9.0, 6.0)
    """

    def __init__(
        self, function: Callable[..., Any], wrt: Wrt, *, value: bool, source: str | None, rows: bool = False
    ) -> None:
        self.function, self._bound = plain_function(function)
        self._value, self._rows, self._text = value, rows, source
        self._signature = signature_of(self.function)
        self._params, self._offset = tuple(self._signature.parameters), len(self._bound)
        self._single = not isinstance(wrt, tuple)
        self.wrt = tuple(map(self._parameter, wrt if isinstance(wrt, tuple) else (wrt,)))
        self._places = tuple(map(self._params.index, self.wrt))
        self._distinct = sorted(set(self._places))
        self._order = tuple(map(self._distinct.index, self._places))
        self._in_order, self._furthest = self._distinct == [*self._places], max(self._distinct, default=0)
        self._cache = Cache()
        self._last: Variant | None = None
        self._verified: set[Any] = set()
        self._pairs: dict[Any, tuple[Any, Any, Callable[[], bool]]] = {}
        functools.update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The gradient (or value and gradient) at these arguments.

        Raises `Refusal` for code that cannot be differentiated, `DtypeError` for integer arguments, `ShapeError`
        for a result that is not a scalar.
        """
        given = args
        if self._bound:
            args = (*self._bound, *args)
        key = (*map(key_of, args), *default_keys(self.function))
        if kwargs:
            key += tuple((k, key_of(v)) for k, v in kwargs.items())
        if options().check and key not in self._verified:
            self._verified.add(key)
            return self._checked(given, kwargs)
        try:
            run, variant = self._cache.find(key) or self._compile(key, args, kwargs)
            self._last = variant
            if isinstance(run, Recording):
                run.allowed(record=options().record)
            elif self._may_run(variant, args, kwargs):
                before = args, kwargs
                if isinstance(variant, Compiled) and variant.published:
                    before = variant.kept(self._params, args, kwargs)
                with Training():
                    return self._finished(run(*args, **kwargs), *before)
        except Refusal as refusal:  # of something that is met only when the program runs
            if not options().record:
                raise explained(refusal) from refusal.__cause__
            run = self._last = self._cache.put(key, self._recording(refusal))
        except Exception as error:  # noqa: BLE001  to be raised again, with a note
            raise explained(error) from error.__cause__
        return self._recorded(run if isinstance(run, Recording) else self._recording(), args, kwargs)

    def _may_run(self, variant: Variant, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether the compiled gradient holds for these very arguments."""
        if not isinstance(variant, Compiled) or not (variant.written or variant.published):
            return True
        return variant.may_run(bind_all(self._signature, args, kwargs))

    def _checked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The gradient, after a comparison with a finite difference: see `knetc.config`."""
        bound = self._signature.bind(*self._bound, *args, **kwargs)
        bound.apply_defaults()
        before = copy.deepcopy(dict(bound.arguments))
        with config(check=False):
            found = self(*args, **kwargs)
        gradients = found[1] if self._value else found
        named = dict(zip(self.wrt, (gradients,) if self._single else gradients, strict=True))
        check_gradient(self.function, self._signature, before, named)
        return found

    def _finished(self, found: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a compiled gradient returned, as gradients with the structure of the arguments."""
        value, bars = found if self._value else (None, found)
        if self._single:
            gradient = own(self._gradient(self._places[0], args, kwargs, bars), args)
        else:
            bars = bars if len(self._distinct) > 1 else (bars,)
            if self._in_order and self._furthest < len(args) and are_plain(bars, self._places, args):
                return (value, bars) if self._value else bars
            pairs = zip(self._places, self._order, strict=True)
            found = [self._gradient(place, args, kwargs, bars[i]) for place, i in pairs]
            gradient = tuple([own(g, (*args, *found[:i])) for i, g in enumerate(found)])
        return (value, gradient) if self._value else gradient

    def _recorded(self, recording: Recording, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The gradient of what no adjoint could be written for."""
        try:
            value, gradients = recording.gradient(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  to be raised again, with a note
            raise explained(error) from error.__cause__
        gradient = gradients[0] if self._single else tuple(gradients)
        return (value, gradient) if self._value else gradient

    def recorded_within(self, recorder: Recorder, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The gradient in a function that is being recorded, to be differentiated in turn."""
        bound = self._signature.bind(*self._bound, *args, **kwargs)
        bound.apply_defaults()
        value, gradients = nested.gradient(recorder, self.function, bound, self.wrt)
        gradient = gradients[0] if self._single else tuple(gradients)
        return (value, gradient) if self._value else gradient

    def _recording(self, reason: Exception | None = None) -> Recording:
        return Recording(self.function, self._signature, self.wrt, self._text, reason, self._rows)

    def _compile(self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Variant]:
        found: tuple[Any, Variant] = self._cache.get(key, lambda: self._facts(args, kwargs), self._build)
        return found

    def _gradient(self, place: int, args: tuple[Any, ...], kwargs: dict[str, Any], bar: Any) -> Any:
        parameter = self._signature.parameters[self._params[place]]
        given = args[place] if place < len(args) else kwargs.get(parameter.name, parameter.default)
        return gradient_of(given, bar, rows=self._rows)

    # ---- compiling

    def _parameter(self, which: int | str) -> str:
        params = self._params[self._offset :]
        if isinstance(which, str) and which in params:
            return which
        if isinstance(which, int) and not isinstance(which, bool) and -len(params) <= which < len(params):
            return params[which]
        names = ", ".join(f"`{p}`" for p in params)
        name = self.function.__name__
        message = f"`wrt` is {which!r}, but the parameters of `{name}` are {names or 'none'}"
        raise ArgumentError("KN303", message, help="give a position, a name, or a tuple of them")

    def _facts(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Facts]:
        """What the compiled code depends on: the kinds of the arguments, and which of their axes are equally long."""
        arguments = bind_all(self._signature, args, kwargs)
        shapes = letters(arguments)
        widths = {name: width(value) for name, value in arguments.items()}
        return {n: Facts(kind, shapes.get(n), widths[n]) for n, kind in self._kinds(args, kwargs).items()}

    def _kinds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Kind]:
        arguments = bind_all(self._signature, args, kwargs)
        kinds = kinds_of(arguments)
        for name in self.wrt:
            if not kinds[name].may_be_active or not differentiable(arguments[name]):
                raise not_differentiable(name, arguments[name])
        return kinds

    def _build(self, facts: dict[str, Facts]) -> tuple[tuple[Any, Variant], Variant]:
        try:
            session, name = self._session(facts)
            compiled = finish(session, name)
        except Exception as error:
            if not options().record or (isinstance(error, KnetcError) and not isinstance(error, Refusal)):
                raise
            if not isinstance(error, Refusal):  # a bug, which is no reason not to have a gradient
                if os.environ.get("KNETC_STRICT"):
                    raise
                warnings.warn(
                    BUG.format(self.function.__qualname__, repr(error)), RuntimeWarning, stacklevel=2
                )
            recording = self._recording(error)
            return (recording, recording), recording
        return (compiled.loaded.functions[name], compiled), compiled

    def _session(self, facts: dict[str, Facts]) -> tuple[Session, str]:
        kinds = {name: found.kind for name, found in facts.items()}
        shapes = {name: found.shape for name, found in facts.items()}
        session = Session(mixed=are_mixed(facts))
        if self._text is not None:
            session.texts[self.function] = self._text
        wrt = frozenset(self.wrt)
        return session, session.gradient(self.function, kinds, wrt, value=self._value, shapes=shapes)

    def _annotated(self) -> dict[str, Facts]:
        """Kinds from annotations, unknown where there is none."""
        hints = {p.name: p.annotation for p in self._signature.parameters.values()}
        return {name: Facts(annotated_kind(hint)) for name, hint in hints.items()}

    @property
    def source(self) -> str:
        """The generated text."""
        if self._last is None:
            _, self._last = self._build(self._annotated())
        return self._last.text

    def forward(self, *args: Any, **kwargs: Any) -> tuple[Any, Residuals]:
        """The value at these arguments, and what `backward` needs."""
        args = (*self._bound, *args)
        facts = self._facts(args, kwargs)
        key = tuple(facts.items())
        if key not in self._pairs or not self._pairs[key][2]():
            self._pairs[key] = self._sweeps(facts)
        forward, backward, _ = self._pairs[key]
        try:
            with Training():
                value, residuals = forward(*args, **kwargs)
        except Refusal:  # of something that is met only when the program runs
            if not options().record:
                raise
            forward, backward, _ = self._pairs[key] = self._recorded_sweeps()
            value, residuals = forward(*args, **kwargs)
        return value, Residuals(residuals, backward)

    def _sweeps(self, facts: dict[str, Facts]) -> tuple[Any, Any, Callable[[], bool]]:
        """Both sweeps, compiled or recorded, and whether they may be used again."""
        kinds = {name: found.kind for name, found in facts.items()}
        session = Session(mixed=are_mixed(facts))
        try:
            callee = session.pair(self.function, kinds, frozenset(self.wrt))
            compiled = finish(session, callee.forward)
        except Refusal:
            if not options().record:
                raise
            return self._recorded_sweeps()
        functions = compiled.loaded.functions
        return functions[callee.forward], functions[callee.backward], compiled.holds

    def _recorded_sweeps(self) -> tuple[Any, Any, Callable[[], bool]]:
        order = sorted(dict.fromkeys(self.wrt), key=self._params.index)
        recording = Recording(self.function, self._signature, tuple(order), self._text)
        return recording.forward, recording.backward, lambda: True

    def backward(self, residuals: Residuals, bar: Any) -> Any:
        """The cotangents of the differentiated parameters, in their order, for the cotangent `bar` of the value."""
        return dense(residuals.backward(residuals.values, bar))

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """A decorated method is bound like a function."""
        return self if instance is None else types.MethodType(self, instance)

    def _repr_html_(self) -> str:
        """Source and generated code side by side, for notebooks."""
        html: str = importlib.import_module("knetc.notebook.display").html(self)
        return html

    def __repr__(self) -> str:
        return f"<gradient of {self.function.__qualname__} with respect to {', '.join(self.wrt)}>"
