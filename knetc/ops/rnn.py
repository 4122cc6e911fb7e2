"""Recurrent networks over whole sequences, as a function: states go in and come out, nothing is kept anywhere.

Names, shapes and order of gates of the weights are PyTorch's (and so cuDNN's), which makes them interchangeable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.ops.dropout import dropout as dropped
from knetc.ops.recurrence import recurrence
from knetc.ops.rnn_arguments import rnn_sizes

Array = Any


def rnn_forward(
    params: dict[str, Array],
    x: Array,
    h: Array = None,
    c: Array = None,
    *,
    rnn_type: str = "lstm",
    num_layers: int = 1,
    bidirectional: bool = False,
    skip_input: bool = False,
    dropout: float = 0.0,
    seed: int | None = None,
    batch_sizes: Any = None,
) -> tuple[Array, Array, Array]:
    """All states of a recurrent network: of its last layer at every step, and of every layer after the last step.

    Arguments:
        params: weights by PyTorch's names: `weight_ih_l0` (G H, X), `weight_hh_l0` (G H, H), `bias_ih_l0` and
            `bias_hh_l0` (G H,) with G = 4, 3, 1, 1 gates of H states; `_l1` and so on for deeper layers, whose inputs
            are the states of the layer below; with `_reverse` behind it for the direction against time.
        x: sequences of the same length, (T, B, X); or packed, see `batch_sizes`.
        h, c: the states before the first step, (layers * directions, B, H); None for 0. Only an LSTM has `c`.
        rnn_type: "lstm", "gru", "tanh" or "relu". With Wx, Rh for the products and their biases,
            tanh, relu: h = f(Wx + Rh);
            lstm: i, f, o = sigm(Wx + Rh), g = tanh(Wx + Rh), c = f * c + i * g, h = o * tanh(c), in the order i, f, g,
            o;
            gru: r, z = sigm(Wx + Rh), n = tanh(Wx + r * Rh), h = (1 - z) * n + z * h, in the order r, z, n.
        skip_input: the first layer has no `weight_ih`: x, of width H, is added in each of its gates.
        dropout: the part of the states between layers that is dropped while a gradient is taken (as PyTorch; Knet
            drops parts of `x` as well: `dropout(x, p)` does).
        seed: of the dropout; None takes the next numbers of `knetc.seed`.
        batch_sizes: for sequences of different lengths, sorted by length, the longest first: how many of them are
            longer than t, for each step t. `x` has a row for each: those of step 0, then those of step 1, and so on.

    Returns (y, h, c): the states of the last layer, (T, B, H * directions) or packed like `x`; the last state of each
    sequence in every layer and direction (layer 0, layer 0 reversed, layer 1 ...), shaped like the argument; and
    likewise c, None unless LSTM.

    Raises `ShapeError` (KN225 to KN228), `ArgumentError` (KN323, KN335 to KN338) and `DtypeError` (KN339).

    >>> one, none = np.eye(1), np.zeros(1)
    >>> params = {"weight_ih_l0": one, "weight_hh_l0": one, "bias_ih_l0": none, "bias_hh_l0": none}
    >>> y, h, c = rnn_forward(params, np.ones((3, 1, 1)), rnn_type="relu")
    >>> y.ravel(), h.ravel(), c
    (array([1., 2., 3.]), array([3.]), None)
    >>> y, h, c = rnn_forward(params, np.ones((5, 1)), rnn_type="relu", batch_sizes=[2, 2, 1])
    >>> y.ravel(), h.ravel()
    (array([1., 1., 2., 2., 3.]), array([3., 2.]))
    """
    sizes = rnn_sizes(params, x, h, c, rnn_type, num_layers, bidirectional, skip_input, dropout, batch_sizes)
    hs: list[Array] = []
    cs: list[Array] = []
    for layer in range(num_layers):
        x = _passed_up(x, layer, dropout, seed)
        outputs = []
        for direction in range(1 + bidirectional):
            i = len(hs)
            name = f"l{layer}_reverse" if direction else f"l{layer}"
            y, h_last, c_last = recurrence(
                x,
                None if skip_input and layer == 0 else params[f"weight_ih_{name}"],
                params[f"weight_hh_{name}"],
                params[f"bias_ih_{name}"],
                params[f"bias_hh_{name}"],
                None if h is None else h[i],
                None if c is None else c[i],
                rnn_type=rnn_type,
                reverse=direction == 1,
                batch_sizes=sizes,
            )
            outputs.append(y)
            hs.append(h_last)
            cs.append(c_last)
        x = np.concatenate(outputs, -1) if bidirectional else outputs[0]
    return x, np.stack(hs), np.stack(cs) if rnn_type == "lstm" else None


def _passed_up(x: Array, layer: int, p: float, seed: int | None) -> Array:
    """What a layer reads: `x`, or what dropout leaves of the states of the layer below."""
    if layer == 0 or p == 0:
        return x
    return dropped(x, p, seed=None if seed is None else seed + layer)
