"""One layer of a recurrent network in one direction of time: the op that `rnn_forward` is made of.

Both sweeps are written by hand (`backends/numpy/recurrence.py`): the way back is not made of ops, so that a gradient of
this gradient is refused.
"""

from __future__ import annotations

from typing import Any

from knetc.backends import array_module
from knetc.backends.numpy import recurrence as kernels
from knetc.backends.numpy.recurrence import Run, Weights
from knetc.backends.numpy.sequence import Steps
from knetc.ops.registry import split

Array = Any
States = tuple[Array, Array, Array]


def recurrence(
    x: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array,
    b_hh: Array,
    h: Array = None,
    c: Array = None,
    *,
    rnn_type: str = "lstm",
    reverse: bool = False,
    batch_sizes: tuple[int, ...] | None = None,
) -> States:
    """The states of a layer at all steps, the last of each sequence, and the last memories (None unless LSTM).

    Arguments are those of one layer of `rnn_forward`, which has checked them; `reverse` reads the sequences from their
    end. `w_ih` is None where x is added to each gate as it is; `h` and `c`, of shape (B, H), are None for zeros.

    >>> import numpy as np
    >>> one, none = np.eye(1), np.zeros(1)
    >>> y, h, c = recurrence(np.ones((3, 1, 1)), one, one, none, none, rnn_type="relu")
    >>> y.ravel(), h, c
    (array([1., 2., 3.]), array([[3.]]), None)
    """
    result, _ = recurrence_forward(
        x, w_ih, w_hh, b_ih, b_hh, h, c, rnn_type=rnn_type, reverse=reverse, batch_sizes=batch_sizes
    )
    return result


def recurrence_forward(
    x: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array,
    b_hh: Array,
    h: Array = None,
    c: Array = None,
    *,
    rnn_type: str = "lstm",
    reverse: bool = False,
    batch_sizes: tuple[int, ...] | None = None,
) -> tuple[States, tuple[Run, tuple[int, ...]]]:
    """The results of `recurrence`, and what its way back reads."""
    sizes = (x.shape[1],) * x.shape[0] if batch_sizes is None else tuple(batch_sizes)
    nothing = array_module(x).zeros((sizes[0], w_hh.shape[1]), x.dtype)
    h = nothing if h is None else h
    c = None if rnn_type != "lstm" else nothing if c is None else c
    rows = x.reshape(sum(sizes), x.shape[-1])
    h, c, run = kernels.forward(rnn_type, rows, Weights(w_ih, w_hh, b_ih, b_hh), h, c, Steps(sizes, reverse))
    return (run.y.reshape(*x.shape[:-1], -1), h, c), (run, x.shape)


def recurrence_backward(saved: tuple[Run, tuple[int, ...]], g: Any) -> tuple[Array, ...]:
    """The cotangents of the arrays of `recurrence`, given those of its results; None among these is 0."""
    run, shape = saved
    dy, dh, dc = g
    dx, *others = kernels.backward(run, None if dy is None else dy.reshape(run.y.shape), dh, dc)
    return dx.reshape(shape), *others


split(
    recurrence,
    recurrence_forward,
    recurrence_backward,
    wrt=("x", "w_ih", "w_hh", "b_ih", "b_hh", "h", "c"),
)
