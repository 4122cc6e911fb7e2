"""Whether a gradient is being taken: what `dropout` and `batchnorm` go by when nobody tells them.

A compiled gradient calls their forward sweeps, which train by nature. This is for the calls in it that no derivative
flows through, such as a dropout of the data: those are made as they stand in the source.
"""

from __future__ import annotations

import threading

from knetc.settings import options


class _Thread(threading.local):
    """How many gradients are being taken in this thread, one inside the other."""

    depth = 0


_thread = _Thread()


def is_training() -> bool:
    """Whether a gradient is being taken in this thread.

    >>> is_training()
    False
    """
    return _thread.depth > 0 and options().training


class Training:
    """`with Training():` is inside a gradient.

    >>> with Training():
    ...     is_training()
    True
    """

    __slots__ = ()

    def __enter__(self) -> None:
        _thread.depth += 1

    def __exit__(self, *_: object) -> None:
        _thread.depth -= 1
