"""`prefetch` reads ahead in a thread, so that the next batch is there when the present one is done with."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sized
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, ClassVar, cast

from knetc.errors import ArgumentError
from knetc.train.position import Around, skipping

END = object()


@dataclass(frozen=True)
class Prefetch(Around):
    """`data`, read up to `n` items ahead. Made by `prefetch`."""

    within: ClassVar[str] = "data"

    data: Iterable[Any]
    n: int

    def __len__(self) -> int:
        return len(cast(Sized, self.data))

    def __iter__(self) -> Iterator[Any]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[Any]:
        """What comes after the first `n` items, read ahead."""
        reader = _Reader(skipping(self.data, n), self.n)
        try:
            yield from reader.items()
        finally:
            reader.stop()


class _Reader:
    """A thread that fills a queue, and waits while `n` items in it have not been taken."""

    def __init__(self, items: Iterator[Any], n: int) -> None:
        self.queue: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self.room = threading.Semaphore(n)
        self.stopped = False
        self.process = os.getpid()
        context = copy_context()  # the reader sees the settings of whoever starts it
        self.thread = threading.Thread(
            target=context.run, args=(self._read, items), name="knetc-prefetch", daemon=True
        )
        self.thread.start()

    def items(self) -> Iterator[Any]:
        """The items in order; then the error that ended them, if one did."""
        while True:
            if os.getpid() != self.process:
                raise ArgumentError(
                    "KN436",
                    "this iterator was begun in the process that this one was forked from",
                    help="begin a new one: for batch in prefetch(data)",
                )
            item, error = self.queue.get()
            self.room.release()
            if item is not END:
                yield item
            elif error is None:
                return
            else:
                raise error

    def stop(self) -> None:
        """End the thread, after the item that it is reading at this moment."""
        if os.getpid() == self.process:
            self.stopped = True
            self.room.release()
            self.thread.join()

    def _read(self, items: Iterator[Any]) -> None:
        error = None
        try:
            for item in self._while_wanted(items):
                self.queue.put((item, None))
        except BaseException as raised:  # noqa: BLE001 - whatever it is, it is for whoever asks for the next item
            error = raised
        self.queue.put((END, error))

    def _while_wanted(self, items: Iterator[Any]) -> Iterator[Any]:
        """The items, each of them read when there is room for it."""
        while True:
            self.room.acquire()
            if self.stopped:
                return
            try:
                item = next(items)
            except StopIteration:
                return
            yield item


def prefetch(data: Iterable[Any], n: int = 2) -> Prefetch:
    """The items of `data` in their order, read up to `n` ahead in a thread.

    It pays where reading waits (for a disk, a network, another process) or runs in compiled code, which
    numpy's indexing and conversions are. An error of `data` is raised where its item would have come. The
    thread ends with the loop, also with one that is left by `break` or an exception, after the item that it is
    reading. Random numbers that `data` draws from knetc's generator come from a stream of that thread.

    Raises `ArgumentError` (KN436) if `data` cannot be gone through or `n` is below 1, and in a process that
    was forked in the midst of the loop.

    >>> list(prefetch(range(5)))
    [0, 1, 2, 3, 4]
    """
    if not hasattr(type(data), "__iter__") and not hasattr(type(data), "__getitem__"):
        raise ArgumentError(
            "KN436",
            f"`data` is a {type(data).__name__}, which cannot be gone through",
            help="prefetch(minibatch(x, y, 100))",
        )
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ArgumentError("KN436", f"`n` is {n}; expected at least 1 item", help="prefetch(data, n=2)")
    return Prefetch(data, n)
