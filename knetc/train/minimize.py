"""The training loop as a lazy iterator of losses: nothing happens until someone asks for the next one.

    for loss in progress(adam(model, ncycle(batches, 3))):
        ...

`run(progress(adam(model, ncycle(batches, 3))))` is the same loop without a body.
"""

from __future__ import annotations

import inspect
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np

from knetc.errors import ArgumentError, NonFiniteError
from knetc.gradient import Gradient
from knetc.runtime.tree import leaves
from knetc.train.position import Around, skipping
from knetc.train.update import Updating, update


@dataclass(frozen=True)
class Training(Around):
    """The losses of one pass over `data`, one update each. Made by `minimize`."""

    within: ClassVar[str] = "data"

    loss: Callable[..., Any]
    trained: Any
    data: Iterable[Any]
    optimiser: Updating

    def __len__(self) -> int:
        return len(cast(Sized, self.data))

    def __iter__(self) -> Iterator[float]:
        return self.skipping(0)

    def skipping(self, n: int) -> Iterator[float]:
        """The losses after the first `n` updates, which have been made already."""
        value_and_gradient = Gradient(self.loss, 0, value=True, source=None, rows=True)
        for step, batch in enumerate(skipping(self.data, n), start=n + 1):
            arguments = batch if isinstance(batch, tuple) else (batch,)
            with np.errstate(over="ignore", invalid="ignore"):  # a loss that is not finite is reported below
                value, gradient = value_and_gradient(self.trained, *arguments)
            value = _finite(float(value), step)
            update(self.trained, gradient, self.optimiser)
            yield value

    def state(self) -> dict[str, Any]:
        """What an update changes."""
        return {"loss": self.loss, "model": self.trained, "optimiser": self.optimiser}


def minimize(model: Any, data: Iterable[Any], optimiser: Updating, params: Any = None) -> Training:
    """Train `model` on every batch of `data`; the iterator gives the loss of each before the update.

    `model` is an object with `model(x, y) -> loss` (or a method of one); a batch that is a tuple is spread
    over the arguments. A plain function has no parameters of its own: name their container, `minimize(loss,
    data, Adam(), params=w)`, and it is called as `loss(w, x, y)`. All float arrays of the object or container
    are trained, in place.

    Raises `ArgumentError` (KN406) if there is nothing to train, and `NonFiniteError` (KN501) at the first
    loss that is nan or infinite, before anything is updated with it.

    >>> from knetc.train.optim import SGD
    >>> def loss(w, x, y):
    ...     return np.mean((x @ w - y) ** 2)
    >>> w = np.zeros(2)
    >>> batch = (np.eye(2), np.array([1.0, 2.0]))
    >>> losses = list(minimize(loss, [batch] * 50, SGD(lr=0.5), params=w))
    >>> len(losses), w.round(4).tolist()
    (50, [1.0, 2.0])
    """
    loss, trained = _split(model, params)
    if next(iter(leaves(trained)), None) is None:
        raise ArgumentError(
            "KN406",
            f"there is nothing to train: the {type(trained).__name__} holds no float array",
            help="make the parameters by param(...); integers are not trained",
        )
    return Training(loss, trained, data, optimiser)


def run(
    iterator: Iterable[float], progress: Callable[[Iterable[float]], Iterable[float]] | None = None
) -> float:
    """Go to the end of `iterator` and return its last value.

    `progress` wraps the iterator for display: `knetc.progress`, `tqdm.tqdm` or any such. Raises
    `ArgumentError` (KN408) if the iterator is empty.

    >>> run([3.0, 2.0, 1.0])
    1.0
    """
    last = deque(iterator if progress is None else progress(iterator), maxlen=1)
    if not last:
        raise ArgumentError(
            "KN408", "`iterator` is empty: there was nothing to run", help="check the length of the data"
        )
    return last[0]


def _split(model: Any, params: Any) -> tuple[Callable[..., Any], Any]:
    """The function to differentiate and its first argument, what is trained."""
    if params is not None:
        return model, params
    if inspect.ismethod(model):
        return model.__func__, model.__self__
    if inspect.isroutine(model):
        raise ArgumentError(
            "KN406",
            f"`model` is the function {model.__name__}, which has no parameters of its own",
            help=f"with params=w it is called as {model.__name__}(w, x, y), and w is trained",
        )
    return type(model).__call__, model


def _finite(loss: float, step: int) -> float:
    if math.isfinite(loss):
        return loss
    raise NonFiniteError(
        "KN501",
        f"the loss became {loss} at step {step}; the parameters are those of the step before",
        help="lower `lr`, set gclip=1.0, or look for log(0), sqrt(0) and overflow in the model",
    )
