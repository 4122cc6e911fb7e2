"""How a lazy iterator goes on where an earlier one was: four methods, which the iterators of training have.

    state()         what training changes: a tree of arrays and objects, which a checkpoint fills in place
    place()         how the data begin: plain values, of which `restore` makes sure that they fit
    restore(place)  begin as the data did then
    skipping(n)     iterate as if the first n items had been given already, in another process perhaps

An iterator around another one inherits from `Around` and asks that one. What has none of them (a list, an iterable
of the user's own) has no state, and its first items are fetched and dropped: it has to give the same ones every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar, TypeVar

from knetc.errors import ArgumentError

T = TypeVar("T")


def state(source: Any) -> Any:
    """What training changes in an iterable, None if nothing.

    >>> state([1, 2]) is None
    True
    """
    own = getattr(source, "state", None)
    return own() if callable(own) else None


def place(source: Any) -> Any:
    """How an iterable begins, None if it always begins in the same way.

    >>> place([1, 2]) is None
    True
    """
    own = getattr(source, "place", None)
    return own() if callable(own) else None


def restore(source: Any, saved: Any) -> None:
    """Let an iterable begin as it did when `place` was called. Raises `ArgumentError` (KN424) for other data.

    >>> restore([1, 2], None)
    """
    own = getattr(source, "restore", None)
    if callable(own):
        own(saved)
    elif saved is not None:
        msg = f"the data are a {type(source).__name__}, those of the checkpoint had an order of their own"
        raise ArgumentError("KN424", msg, help="train on the data that the checkpoint was written with")


def skipping(source: Iterable[T], n: int) -> Iterator[T]:
    """The items of an iterable after the first `n`.

    >>> list(skipping([1, 2, 3], 2))
    [3]
    """
    own = getattr(source, "skipping", None)
    found: Iterator[T] = own(n) if callable(own) else islice(source, n, None)
    return found


class Around:
    """An iterable around another one, in the attribute that `within` names: it stands where that one stands."""

    within: ClassVar[str] = "iterable"

    def state(self) -> Any:
        """What training changes in the one within."""
        return state(getattr(self, self.within))

    def place(self) -> Any:
        """How the one within begins."""
        return place(getattr(self, self.within))

    def restore(self, saved: Any) -> None:
        """Let the one within begin there."""
        restore(getattr(self, self.within), saved)


def refuse_checkpoints(source: Any, name: str, example: str) -> None:
    """Raise `ArgumentError` (KN425) for what has to stand inside of `checkpointed`, and stands around it.

    >>> refuse_checkpoints([1, 2], "logged", "logged(data)")
    """
    while isinstance(source, Around):
        source = getattr(source, source.within)
    if hasattr(source, "checkpoints"):
        raise ArgumentError(
            "KN425",
            f"`{name}` stands around `checkpointed`, where it does not see which steps are skipped",
            help=f"checkpointed({example}, folder)",
        )
