"""`checkpointed(iterator, folder)` writes down now and then where a training stands, and goes on from there.

    for loss in checkpointed(adam(model, ncycle(batches, 3)), "runs/1", every=100, keep=3):
        ...

Run this again after a crash, and it gives the losses after the newest checkpoint, to the last bit those of a run
that was never interrupted. A checkpoint holds the model, the optimiser with its memory and its schedule, the place
in the data and the states of the random generators.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

import numpy as np

from knetc.errors import ArgumentError, FileError
from knetc.runtime import rng
from knetc.runtime.atomic import sweep
from knetc.train.folder import Checkpoints, make, unusable
from knetc.train.position import place, restore, skipping, state
from knetc.train.restore import Filler
from knetc.train.structure import Encoder

T = TypeVar("T")
STRAY_AFTER = 600.0
"""Seconds after which a temporary is that of a run that was killed: nobody else writes checkpoints here."""


class Standing(NamedTuple):
    """What a checkpoint holds: what training has changed, where the data began, and the random generators."""

    run: Any
    place: Any
    random: Any


@dataclass(frozen=True)
class Checkpointed(Generic[T]):
    """An iterator that goes on where the checkpoints in a folder say. Made by `checkpointed`."""

    iterable: Iterable[T]
    checkpoints: Checkpoints
    every: int

    def __len__(self) -> int:
        """The steps that are left, by the names of the files."""
        done = self.checkpoints.steps()[-1:]
        return max(0, len(cast(Sized, self.iterable)) - sum(done))

    def __iter__(self) -> Iterator[T]:
        with _alone(self.checkpoints.folder):
            sweep(Path(self.checkpoints.folder), STRAY_AFTER)
            step = saved = self._resume()
            beginning = Standing(state(self.iterable), place(self.iterable), None)
            Encoder().encode(beginning)  # what cannot be saved is told before anything is trained
            for value in skipping(self.iterable, step):
                step += 1
                yield value
                if step % self.every == 0:
                    saved = self._save(step, beginning)
            if step > saved:
                self._save(step, beginning)

    def _save(self, step: int, beginning: Standing) -> int:
        """Write down how things stand when the body of the loop is done with this step."""
        self.checkpoints.save(step, beginning._replace(random=_random_state()))
        return step

    def _resume(self) -> int:
        """Put everything back to how it was in the newest checkpoint, and return its step; 0 without one."""
        found = self.checkpoints.newest()
        if found is None:
            return 0
        step, tree, arrays = found
        filler = Filler(arrays)
        try:
            saved = filler.fill(tree, Standing(state(self.iterable), None, None))
            restore(self.iterable, saved.place)
        except ArgumentError as error:
            error.add_note(
                f"in the checkpoint of step {step} in `{self.checkpoints.folder}`, which is intact"
            )
            raise
        filler.apply()
        _restore_random(saved.random)
        return step


def checkpointed(
    iterator: Iterable[T], folder: str | os.PathLike[str], *, every: int = 100, keep: int = 3
) -> Checkpointed[T]:
    """Go through `iterator`, writing a checkpoint into `folder` after every `every` steps and after the last one.

    If the folder has checkpoints, the newest whole one is restored when the loop begins, and the loop goes on with
    the step after it: the losses are, bit by bit, those that an unbroken run would have given. That holds for all that
    is reached from `iterator`: the model, the optimiser (its memory, rate and schedule), the order of the data and the
    place in it; and for random numbers of knetc, of numpy's global generator and of `random`. It does not hold for what
    the body of the loop keeps in variables of its own, nor for random numbers drawn in other threads. A checkpoint is
    written when the body is done with its step. The newest `keep` of them stay.

    `iterator` is what `adam`, `minimize` and their like return, also inside `progress` or `logged`. The program has to
    build the same model and the same data again. A damaged checkpoint is skipped with a warning; one that does not
    fit is an error, and nothing has been changed.

    Raises `ArgumentError` (KN422 for `every` and `keep`, KN423 for an iterator whose place cannot be saved, KN614 for
    a model or an optimiser and KN424 for data that are not those of the checkpoint, KN615 for a model that cannot be
    saved) and `FileError` (KN616 for a folder that cannot be written, KN617 and KN618 as `Checkpoints.load`, KN619
    while another loop uses the folder).

    >>> import numpy as np, tempfile
    >>> from knetc.train import adam, minibatch, ncycle
    >>> folder, x = tempfile.mkdtemp(), np.arange(12.0)
    >>> def losses(n):
    ...     w = {"w": np.array(3.0)}
    ...     data = ncycle(minibatch(x, 2, shuffle=True, seed=1), n)
    ...     return adam(lambda w, x: np.mean((w["w"] - x) ** 2), data, params=w)
    >>> first = list(checkpointed(losses(1), folder))
    >>> rest = list(checkpointed(losses(3), folder))
    >>> first + rest == list(losses(3)), len(rest)
    (True, 12)
    """
    if type(every) is not int or every < 1:
        msg = f"`every` is {every!r}; expected the number of steps between two checkpoints"
        raise ArgumentError("KN422", msg, help="every=100")
    if not callable(getattr(iterator, "skipping", None)):
        msg = f"`iterator` is a {type(iterator).__name__}, whose place cannot be saved"
        raise ArgumentError(
            "KN423", msg, help="checkpointed(adam(model, data), folder), and the rest around it"
        )
    return Checkpointed(iterator, Checkpoints(folder, keep), every)


def _random_state() -> dict[str, Any]:
    """The states of the generators that a model may draw from."""
    return {
        "knetc": rng.state(),
        "numpy": np.random.get_state(legacy=False),  # noqa: NPY002 - the user's programs may use it
        "python": random.getstate(),
    }


def _restore_random(saved: dict[str, Any]) -> None:
    rng.restore(saved["knetc"])
    np.random.set_state(saved["numpy"])  # noqa: NPY002
    random.setstate(saved["python"])


@contextlib.contextmanager
def _alone(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Hold the folder against other loops. Raises `FileError` KN619, or KN616 where nothing can be written."""
    from filelock import FileLock, Timeout

    make(folder)
    lock = FileLock(Path(folder) / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        msg = f"`{folder}` is in use by another process, or by another loop of this one"
        raise FileError(
            "KN619", msg, help="wait until that ends, or give each run a folder of its own"
        ) from error
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        yield
    finally:
        lock.release()
