"""What goes into a recorded run: numbers and arrays with an identity of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.errors import Refusal
from knetc.recording.memory import root
from knetc.recording.tape import Bars, Tape, renewed
from knetc.runtime.frozen import is_frozen
from knetc.runtime.mirror import Mirror, is_number
from knetc.runtime.tree import ATOMS, attributes, is_leaf


class Entered:
    """An argument on its way in.

    A number is made anew, since equal constants of a program may be one object; an array is copied, since the program
    may know it by another name too, which does not depend on the argument. What the program writes into the copy is
    written back when it `leave`s. `picture` is the argument as it was, for the gradient to have its structure.
    """

    def __init__(self, given: Any, tape: Tape) -> None:
        self._given = given
        self._renewal = Renewal()
        self.value = _own_array(given) if is_leaf(given) else self._renewal.value(given)
        self.picture = _pictured(self.value, tape, {})

    def leave(self, tape: Tape) -> None:
        """Show the caller what was written into an array."""
        self._renewal.take_back()
        copied = isinstance(self.value, np.ndarray) and self.value is not self._given
        if copied and id(root(self.value)) in tape.written:
            self._given[...] = self.value


def _own_array(array: Any) -> Any:
    copy = array.copy(order="K")
    copy.flags.writeable = array.flags.writeable
    return copy


class Renewal:
    """Exchanges the numbers in a value for equal ones that are nobody else's, in containers and objects in place.

    An array that is met a second time is exchanged for a copy, as each place has a derivative of its own; afterwards
    the caller finds again what was there before.
    """

    def __init__(self) -> None:
        self.seen: dict[int, Any] = {}
        self.exchanged: list[tuple[Any, Any, Any, Any]] = []

    def value(self, value: Any) -> Any:
        """The value with numbers of its own."""
        if is_number(value):
            return renewed(value)
        if is_leaf(value):
            known = id(root(value)) in self.seen
            self.seen[id(root(value))] = value
            return _own_array(value) if known else value
        if isinstance(value, (*ATOMS, np.ndarray)) or id(value) in self.seen or is_frozen(value):
            return value
        self.seen[id(value)] = value
        if isinstance(value, tuple):
            items = [self.value(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
        if isinstance(value, (list, dict)):
            for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
                value[key] = self._noted(value, key, item)
        for name, item in attributes(value).items():
            new = self._noted(value, name, item)
            if new is not item:
                object.__setattr__(value, name, new)
        return value

    def _noted(self, owner: Any, key: Any, item: Any) -> Any:
        new = self.value(item)
        if new is not item:
            self.exchanged.append((owner, key, item, new))
        return new

    def take_back(self) -> None:
        """Put back what was exchanged, where it is still there."""
        for owner, key, former, new in self.exchanged:
            if isinstance(owner, (list, dict)):
                held = owner.get(key) if isinstance(owner, dict) else owner[key] if key < len(owner) else None
                if held is new:
                    owner[key] = former
            elif getattr(owner, key, None) is new:
                object.__setattr__(owner, key, former)


def _pictured(value: Any, tape: Tape, seen: dict[int, Any]) -> Any:
    """The structure of a value, with its own leaves, all of which the tape now watches."""
    if is_leaf(value) and not isinstance(value, np.ndarray):
        message = f"knetc records programs on numpy arrays only, and this is a {type(value).__name__}"
        raise Refusal(
            "KN101", message, help="move the array to the host, or write the part that is recorded plainly"
        )
    if is_leaf(value) or (is_number(value) and not is_frozen(value)):
        tape.watch(value)
        return value
    if isinstance(value, (*ATOMS, np.ndarray)) or is_frozen(value):
        return value
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, tuple):
        items = [_pictured(item, tape, seen) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, list):
        listed: list[Any] = []
        seen[id(value)] = listed
        listed.extend(_pictured(item, tape, seen) for item in value)
        return listed
    if isinstance(value, dict):
        held: dict[Any, Any] = {}
        seen[id(value)] = held
        held.update({key: _pictured(item, tape, seen) for key, item in value.items()})
        return held
    return _pictured_object(value, tape, seen)


def _pictured_object(value: Any, tape: Tape, seen: dict[int, Any]) -> Any:
    try:
        picture = object.__new__(type(value))
    except TypeError:  # a class of an extension module
        return value
    seen[id(value)] = picture
    for name, item in attributes(value).items():
        object.__setattr__(picture, name, _pictured(item, tape, seen))
    return picture


def bar_of(picture: Any, bars: Bars, seen: set[int] | None = None) -> Any:
    """The cotangent of a structure, None where nothing has flowed.

    What is in several places is one thing to a recorded program: its cotangent stands in the first of them alone, so
    that all places together have what has flowed.
    """
    seen = set() if seen is None else seen
    if isinstance(picture, np.ndarray) or is_number(picture):
        return bars.of(picture)
    if isinstance(picture, ATOMS) or id(picture) in seen or is_frozen(picture):
        return None
    seen.add(id(picture))
    if isinstance(picture, dict):
        return {key: bar_of(item, bars, seen) for key, item in picture.items()}
    if isinstance(picture, (list, tuple)):
        return [bar_of(item, bars, seen) for item in picture]
    return Mirror(**{name: bar_of(item, bars, seen) for name, item in attributes(picture).items()})
