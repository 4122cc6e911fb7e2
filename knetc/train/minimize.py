"""The training loop as a lazy iterator of losses: nothing happens until someone asks for the next one.

    for loss in progress(adam(model, ncycle(batches, 3))):
        ...

`run(progress(adam(model, ncycle(batches, 3))))` is the same loop without a body.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable
from os import PathLike
from typing import Any

from knetc.errors import ArgumentError
from knetc.runtime.tree import leaves
from knetc.train.ranges import check_count
from knetc.train.training import Training
from knetc.train.update import Updating


def minimize(
    model: Any,
    data: Iterable[Any],
    optimiser: Updating,
    params: Any = None,
    *,
    accumulate: int = 1,
    bad_batch: str | PathLike[str] | None = None,
) -> Training:
    """Train `model` on every batch of `data`; the iterator gives the loss of each before the update.

    `model` is an object with `model(x, y) -> loss` (or a method of one); a batch that is a tuple is spread
    over the arguments. A plain function has no parameters of its own: name their container, `minimize(loss,
    data, Adam(), params=w)`, and it is called as `loss(w, x, y)`. All float arrays of the object or container
    are trained, in place, but for those that are `frozen`, and those that the loss itself puts there: a state that it
    carries on, a result that it keeps for later.

    With `accumulate=k` each update takes the mean gradient of k batches, as if they were one; the loss is their mean as
    well, and what remains at the end makes a smaller group.

    Training stops at the first loss (`NonFiniteError`, KN501) or gradient (KN504) with nan or infinity in it, before
    anything is updated with it. The step is run again to find the operation where it arose, which the message names,
    and the batch is saved by numpy as `bad_batch`, or into the folder for temporary files.

    Raises `ArgumentError`: KN406 if there is nothing to train, KN415 for an optimiser that is none and for batches that
    do not fit the arguments, KN407 for `accumulate`, KN421 for data without a batch.

    >>> import numpy as np
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
    if isinstance(optimiser, type) or not callable(getattr(optimiser, "apply", None)):
        raise ArgumentError(
            "KN415",
            f"`optimiser` is {optimiser!r}; expected one such as Adam()",
            help="minimize(model, data, Adam(lr=0.001)); Groups(...) for parts of a model",
        )
    check_count("KN407", "batches", 4, accumulate=accumulate)
    return Training(loss, trained, data, optimiser, accumulate, bad_batch)


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
            "KN408",
            "`iterator` is empty: there was nothing to run",
            help="check the length of the data, and whether a training that is resumed was complete already",
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
