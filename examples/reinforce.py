"""REINFORCE: a policy learns from whole episodes to balance a pole (Williams, 1992).

    python examples/reinforce.py            at most 1,000 episodes
    python examples/reinforce.py --quick    at most 100

The batches of the training are played while it goes on: the iterator of episodes uses the parameters as they are.
"""

from __future__ import annotations

import argparse

import command
import numpy as np
from cartpole import ACTIONS, SIZE, CartPole, mean_return, solved

from knetc import adam, logsoftmax, param, param0, progress, run
from knetc.runtime.rng import generator


def policy(w, states):
    """The logarithms of the probabilities of the actions, shape (states, actions)."""
    return logsoftmax(np.tanh(states @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"])


def loss(w, states, actions, returns):
    """The negative log probability of what was done, weighted by what came of it."""
    chosen = policy(w, states)[np.arange(len(actions)), actions]
    return -np.mean(chosen * returns)


def episodes(w, number, rng):
    """The states, actions and standardised returns of each of some episodes, until the pole stays up."""
    world, lengths = CartPole(rng), []
    while len(lengths) < number and not solved(lengths):
        states, actions = [world.reset()], []
        fallen = False
        while not fallen and not world.over:
            left = np.exp(policy(w, states[-1])[0])
            actions.append(int(rng.random() > left))
            state, fallen = world.step(actions[-1])
            states.append(state)
        lengths.append(len(actions))
        yield np.stack(states[:-1]), np.array(actions), standardised(discounted(len(actions)))


def discounted(steps, rate=0.99):
    """What is still to be earned at each step of an episode that earns 1 a step."""
    return np.array([(1 - rate**left) / (1 - rate) for left in range(steps, 0, -1)])


def standardised(returns):
    return (returns - returns.mean()) / (returns.std() + 1e-8)


def main(options: argparse.Namespace) -> None:
    rng = generator()
    w = {
        "w1": param(SIZE, 64, dtype=float),
        "b1": param0(64, dtype=float),
        "w2": param(64, ACTIONS, dtype=float),
        "b2": param0(ACTIONS, dtype=float),
    }
    run(progress(adam(loss, episodes(w, options.epochs, rng), lr=0.005, params=w)))
    print(f"mean return: {mean_return(lambda state: int(policy(w, state).argmax()), rng):.1f} of 200")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(1000, 100))
