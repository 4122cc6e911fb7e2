"""What the parts of a recorder may ask of the whole."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, Protocol

from knetc.recording.tape import Tape


class Direct:
    """A callable that records what it does by itself, and is called as it is."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self.function(*args, **kwargs)


class Recorder(Protocol):
    """See `recorder.py`."""

    tape: Tape

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """`function(*args, **kwargs)`."""

    def method(self, owner: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`owner.name(*args, **kwargs)`."""

    def op(self, symbol: str, *operands: Any) -> Any:
        """`x * y` or `-x`."""

    def in_place(self, symbol: str, target: Any, value: Any) -> Any:
        """`target *= value`: the new target."""

    def at(self, owner: Any) -> Any:
        """What `owner[...]` is read from and written to."""

    def of(self, owner: Any) -> Any:
        """What `owner.name` is read from and written to."""

    def iterate(self, iterable: Any, pattern: Any = None) -> Any:
        """What a `for` walks over."""

    def unpack(self, value: Any, pattern: Any = ()) -> Any:
        """What is taken apart into several names."""

    def moved(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Arguments of what only moves them: arrays as the elements that they are walked over by."""

    def recorded(self, function: Any) -> Any:
        """A Python callable as one whose calls are recorded, to be called by somebody else."""

    def recorded_function(self, function: types.FunctionType) -> types.FunctionType:
        """A Python function in its recorded form."""

    def cached(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call of what `functools.lru_cache` made."""
