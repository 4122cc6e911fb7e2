"""The weights of a recurrent network: made, addressed gate by gate, and exchanged with PyTorch and cuDNN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from knetc.errors import ArgumentError, ShapeError
from knetc.ops.rnn_arguments import GATES, weight_shapes

Array = Any
Initialiser = Callable[..., Array]


class RecurrentWeights:
    """What a network does with `params`, its dict of arrays by PyTorch's names (see `rnn_forward`).

    A *row* below is a layer in one direction: layer 0, then layer 0 reversed if there is one, then layer 1.
    """

    rnn_type: str
    input_size: int
    hidden_size: int
    num_layers: int
    bidirectional: bool
    skip_input: bool
    params: dict[str, Array]

    def initial(
        self, winit: Initialiser, binit: Initialiser, finit: Initialiser, dtype: Any
    ) -> dict[str, Array]:
        """First weights, drawn for each gate by itself; `finit` makes the forget gate's bias of an LSTM's input."""
        size, gates = self.hidden_size, GATES[self.rnn_type]
        params = {}
        for name, shape in self.shapes().items():
            parts = [winit(size, *shape[1:]) if shape[1:] else binit(size) for _ in range(gates)]
            if self.rnn_type == "lstm" and name.startswith("bias_ih"):
                parts[1] = finit(size)
            params[name] = np.concatenate(parts).astype(dtype)
        return params

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every array in `params`."""
        return weight_shapes(
            self.rnn_type,
            self.input_size,
            self.hidden_size,
            self.num_layers,
            self.bidirectional,
            self.skip_input,
        )

    def param(self, row: int, gate: int, kind: str = "weight") -> Array:
        """The weights of one gate, a view of (H, inputs) or (H,) in `params`, by the numbers that cuDNN gives them.

        Arguments:
            row: from 0; with two directions, the even rows are those with time, the odd ones those against it.
            gate: of an LSTM 0 input, 1 forget, 2 new memory, 3 output; of a GRU 0 reset, 1 update, 2 new memory; 0 of
                the others. Those that multiply x, or are added to that, come first, then as many of h.
            kind: "weight" or "bias".

        Returns None for a matrix that `skip_input` leaves out. Raises `ArgumentError` (KN336).
        """
        gates, directions = GATES[self.rnn_type], 1 + self.bidirectional
        rows = self.num_layers * directions
        if kind not in ("weight", "bias") or row not in range(rows) or gate not in range(2 * gates):
            raise ArgumentError(
                "KN336",
                f"param({row!r}, {gate!r}, {kind!r}): there is no such part; expected a row from 0 to {rows - 1}, "
                f"a gate from 0 to {2 * gates - 1}, and 'weight' or 'bias'",
                help="rows are layers times directions, gates those of x and then those of h",
            )
        source = "hh" if gate >= gates else "ih"
        end = "_reverse" if row % directions else ""
        whole = self.params.get(f"{kind}_{source}_l{row // directions}{end}")
        start = gate % gates * self.hidden_size
        return None if whole is None else whole[start : start + self.hidden_size]

    def param_list(self) -> list[Array]:
        """Every gate's matrix, then every gate's bias, in cuDNN's order, as views."""
        gates = range(2 * GATES[self.rnn_type])
        rows = range(self.num_layers * (1 + self.bidirectional))
        found = [self.param(r, g, kind) for kind in ("weight", "bias") for r in rows for g in gates]
        return [part for part in found if part is not None]

    def flat(self) -> Array:
        """All weights as one vector in cuDNN's order: the gates' matrices row by row, then the biases. A copy.

        >>> from knetc.nn import GRU
        >>> GRU(5, 2).flat().shape
        (54,)
        """
        return np.concatenate([part.ravel() for part in self.param_list()])

    def set_flat(self, vector: Array) -> None:
        """Write a vector like that of `flat` into the weights. Raises `ShapeError` (KN229) for another length."""
        parts = self.param_list()
        total = sum(part.size for part in parts)
        if np.shape(vector) != (total,):
            raise ShapeError(
                "KN229",
                f"set_flat: `vector` has shape {np.shape(vector)}; expected {(total,)}, all weights in a row",
                help="a vector of `flat()` fits a network of the same type, sizes, layers and directions",
            )
        start = 0
        for part in parts:
            part[...] = vector[start : start + part.size].reshape(part.shape)
            start += part.size
