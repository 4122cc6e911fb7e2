"""A recurrent layer over whole sequences: one product for all inputs, then one product and one cell a step.

The steps are taken in blocks. What a block makes on its way forward is still in the cache when its steps read it, and
so are the cotangents of its gates when the way back makes of them those of the weights, of the biases and of the
inputs, each by one product. The cotangents of all gates are never in memory at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from knetc.backends.dispatch import array_module
from knetc.backends.numpy.cells import CELLS, Step
from knetc.backends.numpy.sequence import Steps

Array = Any

BLOCK_BYTES = 1 << 21
"""How many bytes of gates, or of their cotangents, make a block."""


@dataclass(frozen=True)
class Weights:
    """The arrays of a layer: (G H, X), or None where x is added as it is; (G H, H); and two biases (G H,)."""

    w_ih: Array
    w_hh: Array
    b_ih: Array
    b_hh: Array


@dataclass(frozen=True)
class Run:
    """One run of a layer: what the way back reads: the arguments, and the buffers of all steps."""

    cell: Any
    weights: Weights
    steps: Steps
    x: Array
    h: Array
    c: Array  # or None
    gates: Array  # (rows, G H)
    kept: Array  # (rows, H), or None
    y: Array  # (rows, H)


def forward(
    rnn_type: str, x: Array, weights: Weights, h: Array, c: Array, steps: Steps
) -> tuple[Array, Array, Run]:
    """The last state of each sequence, its last memory or None, and the run, which has the states `y` of all steps."""
    xp, cell, size = array_module(x), CELLS[rnn_type], h.shape[1]
    gates, y = (xp.empty((len(x), n * size), x.dtype) for n in (cell.gates, 1))
    run = Run(cell, weights, steps, x, h, c, gates, xp.empty_like(y) if cell.keeps else None, y)
    state, memory = h.copy(), c.copy() if cell.remembers else None
    product = xp.empty((len(h), cell.gates * size), x.dtype)
    biases = cell.biases(xp, weights.b_ih, weights.b_hh)
    with np.errstate(over="ignore"):  # of exp, where a gate is all but closed
        for block in steps.blocks(_rows(gates)):
            _inputs(xp, run, steps.span(block))
            for t in block:
                _step(xp, run, t, state, memory, product, biases)
    return state, memory, run


def _rows(gates: Array) -> int:
    """How many rows make a block."""
    return BLOCK_BYTES // max(int(gates.shape[1] * gates.itemsize), 1)


def _inputs(xp: Any, run: Run, rows: slice) -> None:
    """W x of some rows."""
    if run.weights.w_ih is None:
        run.gates[rows] = xp.tile(run.x[rows], (1, run.cell.gates))
    else:
        xp.matmul(run.x[rows], run.weights.w_ih.T, out=run.gates[rows])


def _step(
    xp: Any, run: Run, t: int, state: Array, memory: Array, product: Array, biases: tuple[Array, Array]
) -> None:
    """One step forward."""
    rows, n = run.steps.rows(t), run.steps.sizes[t]
    xp.matmul(state[:n], run.weights.w_hh.T, out=product[:n])
    step = Step(run.gates[rows], _part(run.kept, rows), state[:n], _part(memory, slice(n)))
    run.cell.forward(xp, step, product[:n], biases, run.y[rows])
    state[:n] = run.y[rows]
    if memory is not None:
        memory[:n] = run.kept[rows]


def _part(buffer: Array, rows: slice) -> Array:
    return None if buffer is None else buffer[rows]


def backward(run: Run, dy: Array, dh: Array, dc: Array) -> tuple[Array, ...]:
    """The cotangents of x, w_ih, w_hh, b_ih, b_hh, h and c, given those of the results; None among these is 0."""
    back = _Back(array_module(run.x), run, dh, dc)
    for block in run.steps.blocks(_rows(run.gates), back=True):
        rows = run.steps.span(block)
        for t in block:
            back.step(t, rows.start, dy)
        back.collect(rows)
    return back.found()


class _Back:
    """The way back of one run, and the sums that it leaves behind."""

    def __init__(self, xp: Any, run: Run, dh: Array, dc: Array) -> None:
        self.xp, self.run, self.weights = xp, run, run.weights
        self.dh = xp.zeros_like(run.h) if dh is None else dh.astype(run.h.dtype)
        self.dc = None if run.c is None else xp.zeros_like(run.c) if dc is None else dc.astype(run.c.dtype)
        size = run.h.shape[1]
        rows = max(
            run.steps.span(b).stop - run.steps.span(b).start for b in run.steps.blocks(_rows(run.gates))
        )
        self.bars = xp.empty((rows, run.cell.columns * size), run.x.dtype)
        self.states = xp.empty((rows, size), run.x.dtype)  # those before each step of the block
        self.past: Array = None if run.c is None else xp.empty_like(run.c)
        self.through = xp.empty_like(run.h)
        self.own = (run.cell.columns - run.cell.gates) * size  # where the columns of R h begin
        self.dx = xp.empty_like(run.x)
        self.dw_ih = None if self.weights.w_ih is None else xp.zeros_like(self.weights.w_ih)
        self.dw_hh = xp.zeros_like(self.weights.w_hh)
        self.db = xp.zeros(self.bars.shape[1:], run.x.dtype)

    def step(self, t: int, start: int, dy: Array) -> None:
        """One step; `start` is the first row of its block."""
        run, n, rows = self.run, self.run.steps.sizes[t], self.run.steps.rows(t)
        inside = slice(rows.start - start, rows.stop - start)
        dh, bars = self.dh[:n], self.bars[inside]
        if dy is not None:
            dh += dy[rows]
        run.steps.before(t, run.y, run.h, self.states[inside])
        if run.c is not None:
            run.steps.before(t, run.kept, run.c, self.past[:n])
        step = Step(run.gates[rows], _part(run.kept, rows), self.states[inside], _part(self.past, slice(n)))
        run.cell.backward(self.xp, step, dh, _part(self.dc, slice(n)), bars)
        through = self.through[:n] if run.cell.leaks else dh
        self.xp.matmul(bars[:, self.own :], self.weights.w_hh, out=through)
        if run.cell.leaks:
            dh += through

    def collect(self, rows: slice) -> None:
        """What the cotangents of a block make of the weights, the biases and the inputs."""
        run, used = self.run, slice(rows.stop - rows.start)
        bars = self.bars[used]
        inputs = bars[:, : run.gates.shape[1]]
        self.db += bars.sum(axis=0)
        self.dw_hh += bars[:, self.own :].T @ self.states[used]
        if self.dw_ih is None:
            parts = inputs.reshape(len(bars), run.cell.gates, -1)
            self.xp.sum(parts, axis=1, out=self.dx[rows])
        else:
            self.dw_ih += inputs.T @ run.x[rows]
            self.xp.matmul(inputs, self.ordered(self.weights.w_ih, self.own), out=self.dx[rows])

    def ordered(self, w: Array, by: int) -> Array:
        """The rows of a weight of W x in the order of the columns of the cotangents, or back."""
        return self.xp.roll(w, by, axis=0) if by else w

    def found(self) -> tuple[Array, ...]:
        """The cotangents of all arguments."""
        dw_ih = None if self.dw_ih is None else self.ordered(self.dw_ih, -self.own)
        db_ih = self.ordered(self.db[: self.run.gates.shape[1]], -self.own).copy()
        return self.dx, dw_ih, self.dw_hh, db_ih, self.db[self.own :].copy(), self.dh, self.dc
