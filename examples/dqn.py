"""A deep Q-network: what every action is worth, learnt from a memory of steps (Mnih et al., 2015).

    python examples/dqn.py            at most 500 episodes
    python examples/dqn.py --quick    at most 60

The targets come from an older copy of the network, so that they do not move with every update.
"""

from __future__ import annotations

import argparse
import copy

import command
import numpy as np
from cartpole import ACTIONS, SIZE, CartPole, mean_return, solved

from knetc import adam, param, param0, progress, relu, run
from knetc.runtime.rng import generator


def values(w, states):
    """What the actions are worth in some states, shape (states, actions)."""
    h = relu(states @ w["w1"] + w["b1"])
    h = relu(h @ w["w2"] + w["b2"])
    return h @ w["w3"] + w["b3"]


def loss(w, states, actions, targets):
    """Huber's loss: quadratic for small errors, linear for large ones."""
    error = np.abs(values(w, states)[np.arange(len(actions)), actions] - targets)
    return np.mean(np.where(error < 1, 0.5 * error**2, error - 0.5))


class Memory:
    """The last steps: states, actions, next states, and whether the pole had fallen."""

    def __init__(self, size):
        self.states, self.next = np.zeros((size, SIZE)), np.zeros((size, SIZE))
        self.actions, self.fallen = np.zeros(size, int), np.zeros(size)
        self.count = 0

    def add(self, state, action, following, fallen):
        i = self.count % len(self.actions)
        self.states[i], self.actions[i], self.next[i], self.fallen[i] = state, action, following, fallen
        self.count += 1

    def sample(self, number, rng):
        i = rng.integers(min(self.count, len(self.actions)), size=number)
        return self.states[i], self.actions[i], self.next[i], self.fallen[i]


def batches(w, episodes, rng, rate=0.99, refresh=200):
    """Play on, and give a batch of remembered steps with their targets after each step."""
    world, memory, target, played, lengths = CartPole(rng), Memory(50_000), copy.deepcopy(w), 0, []
    while len(lengths) < episodes and not solved(lengths):
        state, fallen = world.reset(), False
        curiosity = max(0.01, 0.97 ** len(lengths))
        while not fallen and not world.over:
            bold = rng.random() < curiosity
            action = int(rng.integers(ACTIONS)) if bold else int(values(w, state).argmax())
            following, fallen = world.step(action)
            memory.add(state, action, following, fallen)
            state, played = following, played + 1
            if memory.count >= 200:
                states, actions, after, lost = memory.sample(64, rng)
                best = values(w, after).argmax(
                    axis=1
                )  # chosen by one network, judged by the other: van Hasselt, 2016
                yield (
                    states,
                    actions,
                    1 + rate * (1 - lost) * values(target, after)[np.arange(len(best)), best],
                )
            if played % refresh == 0:
                target = copy.deepcopy(w)
        lengths.append(world.steps)


def main(options: argparse.Namespace) -> None:
    rng = generator()
    w = {
        "w1": param(SIZE, 64, dtype=float),
        "b1": param0(64, dtype=float),
        "w2": param(64, 64, dtype=float),
        "b2": param0(64, dtype=float),
        "w3": param(64, ACTIONS, dtype=float),
        "b3": param0(ACTIONS, dtype=float),
    }
    run(progress(adam(loss, batches(w, options.epochs, rng), lr=0.0005, params=w)))
    print(f"mean return: {mean_return(lambda state: int(values(w, state).argmax()), rng):.1f} of 200")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(500, 60))
