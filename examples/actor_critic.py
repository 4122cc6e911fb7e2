"""Actor and critic: a policy learns from the judgement of a second network, which learns beside it.

    python examples/actor_critic.py            at most 1,000 episodes
    python examples/actor_critic.py --quick    at most 100

The critic says what a state is worth, and the advantage of an action is how much better it went than that (Sutton and
Barto, chapter 13). The advantage is a constant to the actor: it is computed by a function without derivative.
"""

from __future__ import annotations

import argparse

import command
import numpy as np
from cartpole import ACTIONS, SIZE, CartPole, mean_return, solved

import knetc
from knetc import adam, logsoftmax, param, param0, progress, run
from knetc.runtime.rng import generator


def network(w, states):
    """One hidden layer."""
    return np.tanh(states @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]


@knetc.nondifferentiable
def advantages(values, returns):
    """How much better it went than the critic thought, standardised."""
    better = returns - values
    return (better - better.mean()) / (better.std() + 1e-8)


def loss(w, states, actions, returns):
    """The policy gradient, the error of the critic, and a little against certainty."""
    logp = logsoftmax(network(w["actor"], states))
    values = network(w["critic"], states)[:, 0]
    chosen = logp[np.arange(len(actions)), actions]
    actor = -np.mean(chosen * advantages(values, returns))
    critic = np.mean((values - returns) ** 2)
    entropy = -np.mean(np.sum(np.exp(logp) * logp, axis=1))
    return actor + 0.5 * critic - 0.01 * entropy


def episodes(w, number, rng, rate=0.99):
    """The states, actions and returns of each of some episodes; what time cut off is worth what the critic says."""
    world, lengths = CartPole(rng), []
    while len(lengths) < number and not solved(lengths):
        states, actions, fallen = [world.reset()], [], False
        while not fallen and not world.over:
            left = np.exp(logsoftmax(network(w["actor"], states[-1]))[0])
            actions.append(int(rng.random() > left))
            state, fallen = world.step(actions[-1])
            states.append(state)
        lengths.append(len(actions))
        worth = 0.0 if fallen else 10 * float(network(w["critic"], states[-1])[0])
        returns = []
        for _ in actions:
            worth = 1 + rate * worth
            returns.append(worth / 10)
        yield np.stack(states[:-1]), np.array(actions), np.array(returns[::-1])


def mlp(outputs):
    return {
        "w1": param(SIZE, 64, dtype=float),
        "b1": param0(64, dtype=float),
        "w2": param(64, outputs, dtype=float),
        "b2": param0(outputs, dtype=float),
    }


def main(options: argparse.Namespace) -> None:
    rng = generator()
    w = {"actor": mlp(ACTIONS), "critic": mlp(1)}
    run(progress(adam(loss, episodes(w, options.epochs, rng), lr=0.005, params=w)))
    print(
        f"mean return: {mean_return(lambda state: int(network(w['actor'], state).argmax()), rng):.1f} of 200"
    )


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(1000, 100))
