"""knetc's own random numbers: one generator per thread, all derived from one seed, never numpy's global state.

The main thread's stream depends on the seed alone. Other threads get independent streams, numbered in the order in
which they first ask.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class _Root:
    """The current seed, and how many streams have been taken from it."""

    sequence: np.random.SeedSequence
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spawn(self) -> np.random.Generator:
        with self.lock:
            return np.random.default_rng(self.sequence.spawn(1)[0])


class _Stream(threading.local):
    """This thread's generator, and the root that it came from."""

    root: _Root | None = None
    generator: np.random.Generator | None = None


_root = _Root(np.random.SeedSequence())
_stream = _Stream()


def seed(n: int | None = None) -> None:
    """Start all of knetc's random streams anew from `n` (an int >= 0), or from fresh entropy if it is None.

    >>> seed(1)
    >>> a = generator().random()
    >>> seed(1)
    >>> a == generator().random()
    True
    """
    global _root  # noqa: PLW0603 - the one seed of the process
    _root = _Root(np.random.SeedSequence(n))
    generator()  # the thread that seeds takes the first stream


def generator() -> np.random.Generator:
    """The random generator of this thread.

    >>> generator().random((2, 3)).shape
    (2, 3)
    """
    root = _root
    if _stream.root is not root or _stream.generator is None:
        _stream.root, _stream.generator = root, root.spawn()
    return _stream.generator


def state() -> dict[str, Any]:
    """What `restore` needs to draw the same numbers again: the seed, and how far this thread's stream has come.

    >>> before = state()
    >>> a = generator().random()
    >>> restore(before)
    >>> a == generator().random()
    True
    """
    stream = generator().bit_generator.state
    sequence = _root.sequence
    return {
        "entropy": sequence.entropy,
        "spawn_key": tuple(sequence.spawn_key),
        "spawned": sequence.n_children_spawned,
        "stream": stream,
    }


def restore(saved: dict[str, Any]) -> None:
    """Go on drawing where `state()` was taken. Threads that start from here on get the streams they got then."""
    global _root  # noqa: PLW0603 - the one seed of the process
    sequence = np.random.SeedSequence(
        saved["entropy"], spawn_key=saved["spawn_key"], n_children_spawned=saved["spawned"]
    )
    stream = np.random.default_rng(0)
    stream.bit_generator.state = saved["stream"]
    _root = _Root(sequence)
    _stream.root, _stream.generator = _root, stream
