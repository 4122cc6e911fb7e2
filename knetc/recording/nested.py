"""A gradient inside a recorded function: the way back is itself recorded, so that it can be differentiated in turn.

The inner function runs on the same tape as the outer one. Then its own steps are gone back through, with every rule and
every sum recorded as further steps. Variables carry derivatives, not levels, so levels cannot be confused.
"""

from __future__ import annotations

import inspect
import types
from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.ops import registry
from knetc.ops.registry import OPS
from knetc.recording import apply as operations
from knetc.recording.apply import Applied
from knetc.recording.arrays import Read
from knetc.recording.memory import root
from knetc.recording.protocol import Recorder
from knetc.recording.tape import SEQUENCES, renewed
from knetc.runtime.broadcast import unbroadcast_like
from knetc.runtime.mirror import is_number
from knetc.runtime.scalar import check_scalar


def gradient(
    recorder: Recorder, function: types.FunctionType, bound: inspect.BoundArguments, names: tuple[str, ...]
) -> tuple[Any, list[Any]]:
    """The value of `function`, and its gradients by some arguments, which are numbers or arrays."""
    tape = recorder.tape
    own = {name: _own(recorder, bound.arguments[name], name) for name in names}
    bound.arguments.update(own)
    start = len(tape.entries)
    value = recorder.call(function, *bound.args, **bound.kwargs)
    check_scalar(value)
    bars: Any = RecordedBars(recorder)  # for entries, what `Bars` are
    bars.add(value, 1.0)
    for entry in reversed(tape.entries[start:]):
        if not isinstance(entry, (Applied, Read)) or (
            isinstance(entry, Applied) and entry.op.backward and not entry.op.twice
        ):
            raise _refusal(entry)
        entry.back(bars)
    return value, [bars.of(own[name]) for name in names]


def _own(recorder: Recorder, value: Any, name: str) -> Any:
    """An argument with an identity of its own, that depends on the outer input as the given one does."""
    if not is_number(value) and not (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        kind = type(value).__name__
        message = f"knetc differentiates by numbers and arrays inside a function, and `{name}` is a {kind}"
        raise Refusal("KN101", message, help="pass the arrays one by one")
    op = OPS[np.copy] if isinstance(value, np.ndarray) else OPS[np.positive]
    made = operations.apply(
        recorder.tape, op, np.copy if isinstance(value, np.ndarray) else renewed, (value,), {}
    )
    recorder.tape.watch(made)
    return made


def _refusal(entry: Any) -> Refusal:
    what = f"`{entry.op.name}`" if isinstance(entry, Applied) else "a store into an array"
    message = f"knetc cannot differentiate the gradient of a function with {what}"
    return Refusal("KN101", message, help="write that part with new values: `np.where`, `np.stack`")


def _same_part(view: Any, whole: Any) -> Any:
    """The view of `whole` that `view` is of its owner, which lies in memory in the same way."""
    start = view.__array_interface__["data"][0] - root(view).__array_interface__["data"][0]
    in_order = whole.transpose(np.argsort([-step for step in whole.strides], kind="stable"))
    return np.ndarray(view.shape, view.dtype, in_order, start, view.strides)


class RecordedBars:
    """Cotangents whose sums and rules are recorded: of numbers and arrays by identity."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._bars: dict[int, Any] = {}

    def add(self, value: Any, bar: Any) -> None:
        """Add to the cotangent of a value, or of what it holds."""
        tape = self._recorder.tape
        if bar is None or not tape.reaches(value):
            return
        if isinstance(value, SEQUENCES):
            for part, part_bar in zip(value, bar, strict=True):
                self.add(part, part_bar)
            return
        if isinstance(value, np.ndarray) and root(value) is not value:
            bar = self._widened(value, bar)
            value = root(value)
        old = self._bars.get(id(value))
        self._bars[id(value)] = bar if old is None else self._recorder.op("+", old, bar)

    def _widened(self, view: Any, bar: Any) -> Any:
        """The cotangent of the array that a view is of: zeros around that of the view."""
        whole = np.zeros_like(root(view))
        self._recorder.at(_same_part(view, whole))[...] = bar
        return whole

    def _narrowed(self, view: Any, whole: Any) -> Any:
        """The cotangent of a view, out of that of the array that it is of."""
        owner = root(view)
        if whole.strides != owner.strides:
            laid_out = np.zeros_like(owner)
            self._recorder.at(laid_out)[...] = whole
            whole = laid_out
        return _same_part(view, whole)

    def read(self, array: Any, index: Any, bar: Any) -> None:
        """Add to the cotangent of the elements that were read."""
        whole = np.zeros_like(array)
        self._recorder.call(np.add.at, whole, index, bar)
        self.add(array, whole)

    def take(self, value: Any) -> Any:
        """The whole cotangent of what a step has made; None if nothing has flowed into it."""
        if isinstance(value, SEQUENCES):
            found = [self.take(part) for part in value]
            return None if all(bar is None for bar in found) else type(value)(found)
        if not isinstance(value, np.ndarray) or root(value) is value:
            return self._bars.pop(id(value), None)
        whole = self._bars.pop(id(root(value)), None)
        return None if whole is None else self._narrowed(value, whole)

    def of(self, value: Any) -> Any:
        """The cotangent of an argument."""
        found = self._bars.get(id(value))
        if found is None:
            return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0
        return found

    def pull(self, op: registry.Op, parameter: str, g: Any, y: Any, /, *args: Any, **options: Any) -> Any:
        """The cotangent of one argument of an operation, its rule recorded."""
        rule = op.pullbacks[parameter]
        if op.kind == "elementwise":
            partial = self._recorder.call(rule, y, *args, **options)
            product = self._recorder.op("*", g, partial)
            shape = np.shape(args[op.parameters.index(parameter)])
            return self._recorder.call(unbroadcast_like, product, np.zeros(shape))
        if op.kind == "linear":
            return self._recorder.call(rule, g, *args, **options)
        return self._recorder.call(rule, g, y, *args, **options)

    def sweep(self, backward: Any, saved: Any, g: Any) -> Any:
        """The cotangents that the backward sweep of an operation returns, its calculations recorded."""
        return self._recorder.call(backward, saved, g)
