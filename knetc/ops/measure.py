"""Losses and accuracies of a model over a whole data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from knetc.errors import ArgumentError
from knetc.ops.targets import nothing_left

Data = Iterable[Any]  # pairs (x, y), or longer tuples whose last item is y


def over_data(
    op: str,
    measure: Callable[..., Any],
    model: Any,
    labels: Any,
    data: Data | None,
    average: bool,
    options: dict[str, Any],
) -> Any:
    """A measure `(scores, labels, average=False, **options) -> (total, count)` of a model, over all batches together.

    The last item of a batch are its labels; the model is called with the others.

    Raises `ArgumentError` for a model without data or data without a model (KN322), and for an average over nothing
    (KN321).
    """
    if not callable(model) or data is None or labels is not None:
        given = ("labels" if labels is not None else "no labels", "data" if data is not None else "no data")
        raise ArgumentError(
            "KN322",
            f"{op}: the first argument is {'a' if callable(model) else 'no'} model, with {given[0]} and {given[1]}; "
            f"expected {op}(scores, labels) or {op}(model, data=batches)",
            help=f"call {op}(model(x), y) for one batch, {op}(model, data=batches) for all",
        )
    total: float = 0
    count: float = 0
    for *inputs, y in data:
        part, size = measure(model(*inputs), y, average=False, **options)
        total += part if isinstance(part, int) else float(part)
        count += size if isinstance(size, int) else float(size)
    if not average:
        return total, count
    if count == 0:
        raise nothing_left(op)
    return total / count
