"""What a compilation took for granted about names outside the function."""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass

from knetc.analysis.kinds import Kind
from knetc.front.resolve import free_value


@dataclass(frozen=True)
class Uses:
    """What a compilation took for granted about a name outside the function: its value, or only the kind of it."""

    function: types.FunctionType
    name: str
    value: object
    kind: Kind | None
    owner: type | None = None  # the class that has the name, if it is a method

    @property
    def now(self) -> object:
        """What the name stands for now."""
        if self.owner is not None:
            return inspect.getattr_static(self.owner, self.name, None)
        return free_value(self.function, self.name)

    @property
    def may_change(self) -> bool:
        """Whether what is known of the value may change while the name stands for the same."""
        return self.kind is not None and self.kind.tag in ("object", "list", "dict", "tuple")


@dataclass(frozen=True)
class Default(Uses):
    """The default value of a parameter of a callee."""

    @property
    def now(self) -> object:
        """The same value, whatever it holds now."""
        return inspect.signature(self.function, follow_wrapped=False).parameters[self.name].default
