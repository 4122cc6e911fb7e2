"""The arguments of `rnn_forward`, checked before anything is computed: names, shapes, types, lengths and options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from knetc.errors import ArgumentError, DtypeError, ShapeError
from knetc.ops.registry import nondifferentiable

Array = Any

GATES = {"lstm": 4, "gru": 3, "tanh": 1, "relu": 1}
"""How many gates the networks of each type have."""


def rnn_sizes(
    params: dict[str, Array],
    x: Array,
    h: Array,
    c: Array,
    rnn_type: str,
    num_layers: int,
    bidirectional: bool,
    skip_input: bool,
    dropout: float,
    batch_sizes: Any,
) -> tuple[int, ...] | None:
    """`batch_sizes` as a tuple. Raises an error that names the argument unless all of them fit together.

    >>> rnn_sizes({}, np.ones((5, 2, 3)), None, None, "lstm", 0, False, False, 0.0, None)
    Traceback (most recent call last):
    knetc.errors.ArgumentError: KN335 rnn_forward: `num_layers` is 0; expected an int >= 1 ...
    """
    check_options("rnn_forward", rnn_type, num_layers, dropout)
    names = list(weight_names(num_layers, bidirectional, skip_input))
    _check_names(params, names)
    size = _hidden_size(params["weight_hh_l0"], GATES[rnn_type])
    _check_dtypes(params, {"x": x, "h": h, "c": c})
    width = _check_sequence(x, batch_sizes, params, size, skip_input)
    shapes = weight_shapes(rnn_type, width, size, num_layers, bidirectional, skip_input)
    for name in names:
        _check_shape("KN226", f'`params["{name}"]`', params[name], shapes[name], "(gates * H, inputs)")
    batch = x.shape[1] if batch_sizes is None else batch_sizes[0]
    state = (num_layers * (1 + bidirectional), batch, size)
    for name, value in (("h", h), ("c", c)):
        if value is not None:
            _check_shape("KN227", f"`{name}`", value, state, "(layers * directions, B, H)")
    if c is not None and rnn_type != "lstm":
        raise ArgumentError(
            "KN338",
            f"rnn_forward: `c` is given, but `rnn_type` is {rnn_type!r}, which has no memory beside h",
            help="leave `c` out, or pass rnn_type='lstm'",
        )
    return None if batch_sizes is None else tuple(map(int, batch_sizes))


def check_options(op: str, rnn_type: str, num_layers: int, dropout: float) -> None:
    """Complain about a type of network that there is not, a number of layers or a probability that cannot be."""
    if rnn_type not in GATES:
        raise ArgumentError(
            "KN335",
            f"{op}: `rnn_type` is {rnn_type!r}; expected one of {', '.join(map(repr, GATES))}",
            help="pass rnn_type='lstm'",
        )
    if isinstance(num_layers, bool) or not isinstance(num_layers, int) or num_layers < 1:
        raise ArgumentError(
            "KN335",
            f"{op}: `num_layers` is {num_layers!r}; expected an int >= 1",
            help="pass num_layers=1",
        )
    if not 0 <= dropout <= 1:
        raise ArgumentError(
            "KN323",
            f"{op}: `dropout` is {dropout!r}; expected a probability from 0 to 1",
            help="pass the part to drop, such as dropout=0.5",
        )


def weight_names(num_layers: int, bidirectional: bool, skip_input: bool) -> Iterator[str]:
    """The names of all weights, in PyTorch's order.

    >>> list(weight_names(1, False, False))
    ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0']
    """
    for layer in range(num_layers):
        for end in ("", "_reverse") if bidirectional else ("",):
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                if part != "weight_ih" or layer > 0 or not skip_input:
                    yield f"{part}_l{layer}{end}"


def weight_shapes(
    rnn_type: str, inputs: int, size: int, num_layers: int, bidirectional: bool, skip_input: bool
) -> dict[str, tuple[int, ...]]:
    """The shape of every weight, by name.

    >>> weight_shapes("gru", 5, 2, 1, False, False)["weight_ih_l0"]
    (6, 5)
    """
    rows, deeper = GATES[rnn_type] * size, size * (1 + bidirectional)
    shapes: dict[str, tuple[int, ...]] = {}
    for name in weight_names(num_layers, bidirectional, skip_input):
        first = name.removesuffix("_reverse").endswith("_l0")
        columns = {"weight_ih": inputs if first else deeper, "weight_hh": size}.get(name.partition("_l")[0])
        shapes[name] = (rows,) if columns is None else (rows, columns)
    return shapes


def _check_names(params: dict[str, Array], names: list[str]) -> None:
    wrong = [n for n in names if n not in params], [n for n in params if n not in names]
    for found, what in zip(wrong, ("lacks", "has"), strict=True):
        if found:
            raise ArgumentError(
                "KN336",
                f"rnn_forward: `params` {what} {', '.join(map(repr, found))}; the options ask for {len(names)} arrays",
                help="`num_layers`, `bidirectional` and `skip_input` must be those that the weights were made for",
            )


def _hidden_size(w: Array, gates: int) -> int:
    shape = np.shape(w)
    if len(shape) == 2 and shape[0] == gates * shape[1] > 0:
        return int(shape[1])
    raise ShapeError(
        "KN226",
        f'rnn_forward: `params["weight_hh_l0"]` has shape {shape}; expected {gates} square matrices above each other',
        help="pass the `rnn_type` that the weights were made for",
    )


def _check_dtypes(params: dict[str, Array], others: dict[str, Array]) -> None:
    dtype = params["weight_hh_l0"].dtype
    named = {f'params["{name}"]': w for name, w in params.items()} | others
    for name, value in named.items():
        found = getattr(value, "dtype", type(value).__name__)
        if value is not None and (found != dtype or dtype.kind != "f"):
            raise DtypeError(
                "KN339",
                f"rnn_forward: `{name}` has dtype {found} and the weights {dtype}; expected the same float for all",
                help="convert it: x.astype(w.dtype); turn ints that name things into vectors by `embed`",
            )


def _check_sequence(x: Array, batch_sizes: Any, params: dict[str, Array], size: int, skip_input: bool) -> int:
    """The width of `x`, whose axes and lengths are right."""
    first = None if skip_input else np.shape(params["weight_ih_l0"])
    width = size if first is None else first[-1] if len(first) == 2 else -1
    axes = 3 if batch_sizes is None else 2
    if x.ndim != axes or (x.shape[-1] != width and width >= 0) or len(x) == 0:
        form = "(T, B, X)" if batch_sizes is None else "(sum(batch_sizes), X)"
        raise ShapeError(
            "KN225",
            f"rnn_forward: `x` has shape {x.shape}; expected {form} with X = {width} and at least one step",
            help="pass one step as x[None], and packed sequences with their `batch_sizes`",
        )
    if batch_sizes is not None:
        check_batch_sizes("rnn_forward", batch_sizes, len(x))
    return int(x.shape[-1])


def sequence_shape(x: Array, batch_sizes: Any) -> tuple[int, ...]:
    """The shape of one or several sequences, (T, B, X), or of one step of them; that of packed ones as it is.

    >>> sequence_shape(np.ones((2, 3)), None)
    (1, 2, 3)
    """
    shape = tuple(getattr(x, "shape", ()))
    if batch_sizes is None and not 1 <= len(shape) <= 3:
        raise ShapeError(
            "KN225",
            f"RNN: `x` has shape {shape}; expected an array (T, B, X), one step (B, X), or one instance (X,)",
            help="put the steps first, then the instances, then what is known of each",
        )
    return (1,) * (3 - len(shape)) + shape if batch_sizes is None else shape


def first_state(name: str, value: Any) -> Any:
    """A state to begin with as `rnn_forward` wants it: (layers * directions, B, H), or None for 0.

    >>> first_state("h", 0), first_state("h", np.ones((4, 5))).shape
    (None, (1, 4, 5))
    """
    if value is None or (np.ndim(value) == 0 and value == 0):
        return None
    if not 1 <= np.ndim(value) <= 3:
        given = repr(value) if np.ndim(value) == 0 else f"an array of shape {np.shape(value)}"
        raise ArgumentError(
            "KN338",
            f"RNN: `{name}` is {given}; expected None, 0 or an array (layers * directions, B, H)",
            help="None begins with 0 each time, 0 or an array keeps the last state for the next call",
        )
    return value if value.ndim == 3 else value.reshape((1,) * (3 - value.ndim) + value.shape)


def check_batch_sizes(op: str, batch_sizes: Any, rows: int) -> None:
    """Complain unless there is one int a step, none larger than the one before, which count all rows."""
    sizes = list(batch_sizes)
    ints = all(hasattr(n, "__index__") and not isinstance(n, bool) and n > 0 for n in sizes)
    if not sizes or not ints or sizes != sorted(sizes, reverse=True):
        raise ArgumentError(
            "KN337",
            f"{op}: `batch_sizes` is {_short(sizes)}; expected ints >= 1, each at most the one before",
            help="sort the sequences by length, the longest first; batch_sizes[t] of them are longer than t",
        )
    if sum(sizes) != rows:
        raise ShapeError(
            "KN228",
            f"{op}: `batch_sizes` counts {sum(sizes)} rows, and `x` has {rows}",
            help="pass as x all steps 0, then all steps 1, and so on: sum(batch_sizes) rows",
        )


def _short(sizes: list[Any]) -> str:
    return f"[{', '.join(map(str, sizes[:8]))}{', ...' if len(sizes) > 8 else ''}]"


def _check_shape(code: str, name: str, value: Array, expected: tuple[int, ...], meaning: str) -> None:
    if np.shape(value) != expected:
        raise ShapeError(
            code,
            f"rnn_forward: {name} has shape {np.shape(value)}; expected {expected}, {meaning}",
            help="the weights, the states and `x` must belong to the same network",
        )


nondifferentiable(rnn_sizes, sequence_shape)
