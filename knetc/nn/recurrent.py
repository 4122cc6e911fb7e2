"""Recurrent layers: the weights of `rnn_forward`, and the state between calls where that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError
from knetc.nn.layer import Layer, sizes
from knetc.nn.recurrent_weights import RecurrentWeights
from knetc.ops.rnn import rnn_forward
from knetc.ops.rnn_arguments import check_options, first_state, sequence_shape
from knetc.runtime.frozen import frozen
from knetc.train.initialisers import xavier

Array = Any


class Forgetful:
    """Every call begins at 0, and nothing is kept."""

    __knetc_frozen__ = True
    keeps_h = keeps_c = False
    h = c = None

    def pass_on(self, y: Array, h: Array, c: Array) -> Array:
        """What the call returns."""
        return y


class State:
    """What a network remembers from one call to the next. It is no parameter: training leaves it alone."""

    __knetc_frozen__ = True

    def __init__(self, h: Array, c: Array) -> None:
        self.keeps_h, self.keeps_c = h is not None, c is not None
        self.h = None if _is_zero(h) else h  # so that a checkpoint may put an array there
        self.c = None if _is_zero(c) else c

    def pass_on(self, y: Array, h: Array, c: Array) -> Array:
        """What the call returns; the last states are kept."""
        if self.keeps_h:
            self.h = h
        if self.keeps_c:
            self.c = c
        return y


def _is_zero(value: Any) -> bool:
    return value is not None and np.ndim(value) == 0 and value == 0


def _state(h: Array, c: Array) -> Any:
    return Forgetful() if h is None and c is None else State(h, c)


class RNN(RecurrentWeights, Layer):
    """A recurrent network of one or several layers over whole sequences; the formulas are those of `rnn_forward`.

    `rnn(x)` takes sequences of the same length, (T, B, X), one step (B, X), or one instance (X,), and returns the
    states of the last layer at every step, with H (or 2 H, bidirectional) for X. With `batch_sizes`, x holds sequences
    of different lengths, packed as `knetc.pack` does it.

    Where it begins is up to the fields `h` and `c`, which may be set at any time:
        None: at 0, and the last state is forgotten;
        0: at 0, and the last state is kept in the field for the next call;
        an array (layers * directions, B, H), of which leading ones may be left out: there, and the last state takes
            its place.
    A state that was kept is a constant to the next gradient (truncated backpropagation through time); within one
    gradient the calls of a network are a chain, as the program says. `rnn_forward(rnn.params, x, h, c)` keeps nothing,
    and takes states to differentiate by.

    Arguments:
        rnn_type: "lstm", "gru", "tanh" or "relu".
        dropout: the part of the states between layers that is dropped while a gradient is taken; `seed` is its seed.
        skip_input: the first layer has no matrix for x, whose width must be H.
        winit, binit, finit: make the matrix of a gate (H, inputs), its biases (H,), and in an LSTM the input's bias of
            the forget gate: 1, so that it begins open. Knet has two such biases: `finit=lambda n: np.full(n, 2)`.

    The weights are the arrays in `params`, by PyTorch's names. Raises `ArgumentError` (KN323, KN335, KN346), and the
    errors of `rnn_forward` when it is called.

    >>> import numpy as np
    >>> rnn = RNN(3, 4, "tanh", h=0)
    >>> rnn(np.zeros((5, 2, 3), np.float32)).shape, rnn.h.shape
    ((5, 2, 4), (1, 2, 4))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        rnn_type: str = "lstm",
        *,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        skip_input: bool = False,
        h: Array = None,
        c: Array = None,
        seed: int | None = None,
        winit: Callable[..., Array] = xavier,
        binit: Callable[..., Array] = np.zeros,
        finit: Callable[..., Array] = np.ones,
        dtype: Any = np.float32,
    ) -> None:
        sizes(type(self).__name__, input_size=input_size, hidden_size=hidden_size)
        check_options(type(self).__name__, rnn_type, num_layers, dropout)
        if skip_input and input_size != hidden_size:
            raise ArgumentError(
                "KN335",
                f"{type(self).__name__}: `skip_input` adds x, of width {input_size}, to {hidden_size} states",
                help=f"pass hidden_size={input_size}, or leave `skip_input` out",
            )
        self.rnn_type = rnn_type
        self.input_size, self.hidden_size = input_size, hidden_size
        self.num_layers, self.bidirectional, self.skip_input = num_layers, bidirectional, skip_input
        self.dropout, self.seed = frozen(dropout), seed
        self.params = self.initial(winit, binit, finit, dtype)
        self.state = _state(h, c)

    @property
    def h(self) -> Array:
        """The state before the next call: None, 0 or an array."""
        return 0 if self.state.keeps_h and self.state.h is None else self.state.h

    @h.setter
    def h(self, value: Array) -> None:
        self.state = _state(value, self.c)

    @property
    def c(self) -> Array:
        """The memory of an LSTM before the next call: None, 0 or an array."""
        return 0 if self.state.keeps_c and self.state.c is None else self.state.c

    @c.setter
    def c(self, value: Array) -> None:
        self.state = _state(self.h, value)

    def __call__(self, x: Array, *, batch_sizes: Any = None) -> Array:
        shape = sequence_shape(x, batch_sizes)
        y, h, c = rnn_forward(
            self.params,
            x.reshape(shape),
            first_state("h", self.state.h),
            first_state("c", self.state.c),
            rnn_type=self.rnn_type,
            num_layers=self.num_layers,
            bidirectional=self.bidirectional,
            skip_input=self.skip_input,
            dropout=self.dropout,
            seed=self.seed,
            batch_sizes=batch_sizes,
        )
        return self.state.pass_on(y.reshape(x.shape[:-1] + y.shape[-1:]), h, c)

    def options(self) -> str:
        """Sizes, and what is not as usual."""
        words = [self.rnn_type] if type(self) is RNN else []
        words += [f"input={self.input_size}", f"hidden={self.hidden_size}"]
        words += ["bidirectional"] if self.bidirectional else []
        words += [f"layers={self.num_layers}"] if self.num_layers > 1 else []
        words += ["skip_input"] if self.skip_input else []
        words += [f"dropout={self.dropout:g}"] if self.dropout else []
        return ", ".join(words)


class LSTM(RNN):
    """An `RNN` of the type "lstm", with the same options.

    >>> LSTM(128, 256, bidirectional=True, num_layers=2, dropout=0.5)
    LSTM(input=128, hidden=256, bidirectional, layers=2, dropout=0.5)  2,367,488 parameters
    """

    def __init__(self, input_size: int, hidden_size: int, **options: Any) -> None:
        super().__init__(input_size, hidden_size, "lstm", **options)


class GRU(RNN):
    """An `RNN` of the type "gru", with the same options.

    >>> import numpy as np
    >>> GRU(3, 4)(np.zeros((5, 2, 3), np.float32)).shape
    (5, 2, 4)
    """

    def __init__(self, input_size: int, hidden_size: int, **options: Any) -> None:
        super().__init__(input_size, hidden_size, "gru", **options)
