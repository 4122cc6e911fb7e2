"""One step of each kind of recurrent network, forwards and backwards, in place on rows of whole buffers.

A cell is given W x of one step in `gates`, and R h in `product`; it leaves the activations of its gates in `gates`,
what else its way back reads in `kept`, and the new state in `after`. On the way back it leaves the cotangents of all
sums before the activations in `bars`: the first `gates` columns of these (in units of H) are of W x + b, the last as
many of R h + c.

The order of gates is PyTorch's and cuDNN's: input, forget, new memory, output; reset, update, new memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Array = Any


@dataclass
class Step:
    """The rows of one step in the buffers of a run, and the states before it."""

    gates: Array  # (n, G H)
    kept: Array  # (n, H), or None
    h: Array  # (n, H)
    c: Array  # (n, H), or None


class Elman:
    """h = f(W x + b + R h + c) with f = tanh or relu (Elman, Finding structure in time, 1990)."""

    gates = 1
    columns = 1  # of `bars`
    keeps = False  # whether there is a `kept`
    remembers = False  # whether there is a second state, the memory of an LSTM
    leaks = False  # whether h reaches the next h without R

    def __init__(self, activation: str) -> None:
        self.relu = activation == "relu"

    def biases(self, xp: Any, b_ih: Array, b_hh: Array) -> tuple[Array, Array]:
        """What is added to all gates of a step, and what to R h of the new memory alone, if anything."""
        return b_ih + b_hh, None

    def forward(self, xp: Any, step: Step, product: Array, biases: tuple[Array, Array], after: Array) -> None:
        """One step."""
        gates = _sum(step.gates, product, biases[0])
        if self.relu:
            xp.maximum(gates, 0, out=gates)
        else:
            xp.tanh(gates, out=gates)
        after[...] = gates

    def backward(self, xp: Any, step: Step, dh: Array, dc: Array, bars: Array) -> None:
        """The transpose of one step."""
        if self.relu:
            xp.multiply(dh, step.gates > 0, out=bars)
        else:
            xp.multiply(step.gates, step.gates, out=bars)
            xp.subtract(1, bars, out=bars)
            bars *= dh


class LSTM:
    """c = f c + i g, h = o tanh(c) (Hochreiter and Schmidhuber, Long short-term memory, 1997; Gers et al., 2000)."""

    gates = 4
    columns = 4
    keeps = True
    remembers = True
    leaks = False

    def biases(self, xp: Any, b_ih: Array, b_hh: Array) -> tuple[Array, Array]:
        """What is added to all gates of a step, and what to R h of the new memory alone, if anything."""
        return b_ih + b_hh, None

    def forward(self, xp: Any, step: Step, product: Array, biases: tuple[Array, Array], after: Array) -> None:
        """One step; `kept` becomes c after it."""
        gates = _sum(step.gates, product, biases[0])
        i, f, g, o = _columns(gates, 4)
        sigmoid(xp, gates[:, : 2 * i.shape[1]])
        xp.tanh(g, out=g)
        sigmoid(xp, o)
        new = xp.multiply(i, g, out=_columns(product, 4)[0])
        xp.multiply(f, step.c, out=step.kept)
        step.kept += new
        xp.tanh(step.kept, out=after)
        after *= o

    def backward(self, xp: Any, step: Step, dh: Array, dc: Array, bars: Array) -> None:
        """The transpose of one step; `dc` turns from the cotangent of c after it into that of c before it."""
        i, f, g, o = _columns(step.gates, 4)
        di, df, dg, do = _columns(bars, 4)
        xp.subtract(1, step.gates, out=bars)
        bars *= step.gates  # of the sigmoids
        out = xp.tanh(step.kept, out=dg)
        do *= out
        do *= dh
        out *= out
        xp.subtract(1, out, out=out)
        out *= o
        out *= dh
        dc += out
        di *= g
        di *= dc
        df *= step.c
        df *= dc
        xp.multiply(g, g, out=dg)
        xp.subtract(1, dg, out=dg)
        dg *= i
        dg *= dc
        dc *= f


class GRU:
    """h = n + z (h - n), n = tanh(W x + b + r (R h + c)) (Cho et al., arXiv 1406.1078, as in cuDNN and PyTorch).

    The columns of `bars` are those of n, r, z and the R h + c in n.
    """

    gates = 3
    columns = 4
    keeps = True
    remembers = False
    leaks = True

    def biases(self, xp: Any, b_ih: Array, b_hh: Array) -> tuple[Array, Array]:
        """What is added to all gates of a step, and what to R h of the new memory alone, if anything."""
        both = len(b_ih) // 3 * 2
        return xp.concatenate([b_ih[:both] + b_hh[:both], b_ih[both:]]), b_hh[both:]

    def forward(self, xp: Any, step: Step, product: Array, biases: tuple[Array, Array], after: Array) -> None:
        """One step; `kept` becomes the R h + c in n."""
        size = after.shape[1]
        r, z, n = _columns(step.gates, 3)
        step.gates += biases[0]
        xp.add(product[:, 2 * size :], biases[1], out=step.kept)
        both = step.gates[:, : 2 * size]
        both += product[:, : 2 * size]
        sigmoid(xp, both)
        n += xp.multiply(r, step.kept, out=product[:, :size])
        xp.tanh(n, out=n)
        xp.subtract(step.h, n, out=after)
        after *= z
        after += n

    def backward(self, xp: Any, step: Step, dh: Array, dc: Array, bars: Array) -> None:
        """The transpose of one step; `dh` turns into what reaches the h before it past R."""
        r, z, n = _columns(step.gates, 3)
        dn, dr, dz, through = _columns(bars, 4)
        closed = xp.subtract(1, z, out=dr)
        xp.subtract(step.h, n, out=dz)
        dz *= z
        dz *= closed
        dz *= dh
        xp.multiply(n, n, out=dn)
        xp.subtract(1, dn, out=dn)
        dn *= closed
        dn *= dh
        xp.multiply(dn, r, out=through)
        xp.subtract(1, r, out=dr)
        dr *= step.kept
        dr *= through
        dh *= z


CELLS: dict[str, Any] = {"gru": GRU(), "lstm": LSTM(), "relu": Elman("relu"), "tanh": Elman("tanh")}


def sigmoid(xp: Any, a: Array) -> None:
    """`1 / (1 + exp(-a))`, in place; the caller lets `exp` overflow, which gives the right 0."""
    xp.negative(a, out=a)
    xp.exp(a, out=a)
    a += 1
    xp.divide(1, a, out=a)


def _sum(gates: Array, product: Array, bias: Array) -> Array:
    gates += product
    gates += bias
    return gates


def _columns(a: Array, parts: int) -> list[Array]:
    """Views of equally many columns each."""
    size = a.shape[1] // parts
    return [a[:, i * size : (i + 1) * size] for i in range(parts)]
