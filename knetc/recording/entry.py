"""Gradients of recorded functions: arguments onto the tape, cotangents off it."""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.recording.functions import Rewritten, printed, rewritten
from knetc.recording.inputs import Entered, bar_of
from knetc.recording.memory import root
from knetc.recording.recorder import Recorder
from knetc.recording.tape import Bars, Tape
from knetc.runtime.mirror import is_number
from knetc.runtime.scalar import check_scalar
from knetc.runtime.training import Training
from knetc.runtime.tree import gradient_of, leaves

DOC = "The recorded form of {0}: every operation goes through the tape, which knows its adjoint."


@dataclass(frozen=True)
class Run:
    """One recorded run: its value, and the tape that leads back to the arguments."""

    value: Any
    tape: Tape
    entered: dict[str, Entered]

    def bars(self, bar: Any) -> Bars:
        """All cotangents, from that of the value."""
        return self.tape.backward([(self.value, bar)])

    def gradients(self, bars: Bars, names: tuple[str, ...], *, rows: bool = False) -> list[Any]:
        """The gradients by some arguments, in the structure they had when the run began."""
        pictures = [self.entered[name].picture for name in names]
        return [gradient_of(picture, bar_of(picture, bars), rows=rows) for picture in pictures]


def _refuse_shared(given: dict[str, Any], entered: dict[str, Entered], tape: Tape) -> None:
    """A store into memory that a differentiated argument shares with another one has no derivative by one of them."""
    for name, e in entered.items():
        own = given[name]
        if not isinstance(own, np.ndarray):
            continue
        for other, value in given.items():
            arrays = [leaf for _, leaf in leaves(value)] if other != name else []
            shared = [a for a in arrays if np.may_share_memory(a, own)]
            places = {id(root(e.value)), *(id(root(a)) for a in shared)}
            if shared and places & tape.written:
                message = f"`{name}` and `{other}` share memory, and the function stores into it"
                raise Refusal("KN101", message, help=f"pass a copy: `{name}.copy()`")


@dataclass
class Recording:
    """A function to be differentiated by recording. Raises `Refusal`, `SourceError` if its source is no use.

    `reason` is why it is not compiled; with `rows`, gradients may be `Rows`.
    """

    function: types.FunctionType
    signature: inspect.Signature
    wrt: tuple[str, ...]
    source: str | None = None
    reason: Exception | None = None
    rows: bool = False
    _used: dict[types.CodeType, Rewritten] = field(default_factory=dict)

    def __post_init__(self) -> None:
        error: BaseException | None = self.reason
        while error is not None:  # the frames of a traceback would keep the arguments of the first call alive
            error.__traceback__ = None
            error = error.__cause__ or error.__context__

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Run the function once, recording what depends on the arguments `wrt`."""
        bound = self.signature.bind(*args, **kwargs)
        for name in self.wrt:
            if name not in bound.arguments:
                bound.arguments[name] = self.signature.parameters[name].default
        tape = Tape()
        recorder = Recorder(tape)
        given = dict(bound.arguments)
        entered = {name: Entered(bound.arguments[name], tape) for name in dict.fromkeys(self.wrt)}
        bound.arguments.update({name: e.value for name, e in entered.items()})
        tape.asked.update(id(e.value) for e in entered.values() if is_number(e.value))
        try:
            with Training():
                value = recorder.recorded_function(self.function, self.source)(*bound.args, **bound.kwargs)
        finally:
            tape.is_open = False
            for e in entered.values():
                e.leave(tape)
            self._used |= {f.__code__: rewritten(f) for f, _ in recorder.functions.values()}
        _refuse_shared(given, entered, tape)
        return Run(value, tape, entered)

    def gradient(self, *args: Any, **kwargs: Any) -> tuple[Any, list[Any]]:
        """The value, and its gradients by the arguments `wrt`. Raises `ShapeError` if the value is not a scalar."""
        run = self.run(args, kwargs)
        check_scalar(run.value)
        one = np.ones_like(run.value) if isinstance(run.value, np.ndarray) else 1.0
        return run.value, run.gradients(run.bars(one), self.wrt, rows=self.rows)

    def forward(self, *args: Any, **kwargs: Any) -> tuple[Any, Run]:
        """The value, and the run that `backward` needs."""
        run = self.run(args, kwargs)
        return run.value, run

    def backward(self, run: Run, bar: Any) -> Any:
        """The cotangents of the arguments `wrt`, a tuple if there are several."""
        bars = run.bars(bar)
        found = tuple([bar_of(run.entered[name].picture, bars) for name in self.wrt])
        return found if len(found) > 1 else found[0]

    @property
    def text(self) -> str:
        """The recorded form of the function, and of those that it called when it ran last."""
        own = {self.function.__code__: rewritten(self.function, self.source)}
        return printed(list((own | self._used).values()), DOC.format(self.function.__name__))

    def allowed(self, *, record: bool) -> None:
        """Raise the reason why the function is not compiled, where it may not be recorded."""
        if not record and self.reason is not None:
            raise self.reason

    def holds(self) -> bool:
        """Nothing is taken for granted."""
        return True
