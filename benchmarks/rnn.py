"""One training step of a recurrent network in float32: knetc beside PyTorch, with the same weights.

    OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2 python benchmarks/rnn.py --runs 10

A step is a loss on all states, the gradients of the input and of all weights, and an update by gradient descent.
"""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from timing import agree, compare, options, report

import knetc
from knetc.nn import RNN

RATE = 0.01
Step = Callable[[], Any]


@dataclass(frozen=True)
class Task:
    """A network and the sequences that it reads: T steps of B instances, X numbers wide."""

    name: str
    rnn_type: str
    steps: int
    batch: int
    width: int
    hidden: int
    bidirectional: bool = False

    def network(self) -> RNN:
        return RNN(self.width, self.hidden, self.rnn_type, bidirectional=self.bidirectional)

    def data(self) -> tuple[Any, Any]:
        """The sequences, and weights for the states in the loss."""
        rng = np.random.default_rng(0)
        shape = (self.steps, self.batch)
        states = self.hidden * (1 + self.bidirectional)
        return (
            rng.standard_normal((*shape, self.width), np.float32),
            rng.standard_normal((*shape, states), np.float32) / self.batch,
        )


TASKS = (
    Task("LSTM T100 B128 H256", "lstm", 100, 128, 256, 256),
    Task("GRU T150 B64 H100", "gru", 150, 64, 100, 100),
    Task("biLSTM T32 B64 H128", "lstm", 32, 64, 128, 128, bidirectional=True),
)


# ---- knetc


def loss(rnn: RNN, x: Any, weights: Any) -> Any:
    return np.sum(rnn(x) * weights)


def by_knetc(rnn: RNN, x: Any, weights: Any) -> tuple[Step, Step]:
    """The loss with all gradients, and a step."""
    gradient = knetc.value_and_grad(loss, wrt=("rnn", "x"))
    optimiser = knetc.SGD(lr=RATE)

    def step():
        _, (found, _) = gradient(rnn, x, weights)
        knetc.update(rnn, found, optimiser)

    def results():
        value, (found, of_x) = gradient(rnn, x, weights)
        return [np.asarray(value), of_x, *found.params.values()]

    return results, step


# ---- PyTorch


def by_torch(rnn: RNN, task: Task, x: Any, weights: Any) -> tuple[Step, Step]:
    import torch

    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[task.rnn_type]
    net = kind(task.width, task.hidden, bidirectional=task.bidirectional)
    net.load_state_dict({name: torch.tensor(w) for name, w in rnn.params.items()})
    inputs, factors = torch.tensor(x, requires_grad=True), torch.tensor(weights)
    optimiser = torch.optim.SGD(net.parameters(), lr=RATE)

    def backward():
        optimiser.zero_grad()
        inputs.grad = None
        value = (net(inputs)[0] * factors).sum()
        value.backward()
        return value

    def step():
        backward()
        optimiser.step()

    def results():
        value = backward()
        return [g.detach().numpy() for g in (value, inputs.grad, *(w.grad for w in net.parameters()))]

    return results, step


def main() -> None:
    """Check that both agree, then time them, task by task."""
    chosen = options("one training step of recurrent networks", runs=10)
    rows, more = [], {}
    for task in TASKS:
        knetc.seed(0)
        rnn, (x, weights) = task.network(), task.data()
        ways = {"knetc": by_knetc(copy.deepcopy(rnn), x, weights)}
        if importlib.util.find_spec("torch") is not None:
            import torch

            ways["torch"] = by_torch(rnn, task, x, weights)
            more["threads of torch"] = torch.get_num_threads()
        agree(task.name, {way: results() for way, (results, _) in ways.items()}, rtol=1e-4)
        rows += compare(task.name, {way: step for way, (_, step) in ways.items()}, chosen.runs)
    report(rows, chosen.json, **more)


if __name__ == "__main__":
    main()
