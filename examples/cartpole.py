"""A cart that balances a pole, in plain Python: the environment of the examples of reinforcement learning.

The equations are those of Barto, Sutton and Anderson (1983). A step lasts 20 ms and earns a reward of 1; an episode
ends when the pole falls, the cart leaves its track, or after 200 steps.
"""

from __future__ import annotations

import math

import numpy as np

GRAVITY, CART, POLE, HALF_LENGTH, FORCE, DT = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
TRACK, LEAN, STEPS = 2.4, math.radians(12), 200
SIZE, ACTIONS = 4, 2


class CartPole:
    """`reset()` gives the first state of an episode, `step(action)` the next one and whether the pole has fallen."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.state = np.zeros(SIZE)
        self.steps = 0

    def reset(self):
        """Nearly upright, nearly at rest."""
        self.state = self.rng.uniform(-0.05, 0.05, SIZE)
        self.steps = 0
        return self.state

    def step(self, action):
        """Push the cart to the left (0) or to the right (1)."""
        x, speed, angle, spin = self.state
        force = FORCE if action == 1 else -FORCE
        sine, cosine = math.sin(angle), math.cos(angle)
        pull = (force + POLE * HALF_LENGTH * spin**2 * sine) / (CART + POLE)
        turn = (GRAVITY * sine - cosine * pull) / (HALF_LENGTH * (4 / 3 - POLE * cosine**2 / (CART + POLE)))
        push = pull - POLE * HALF_LENGTH * turn * cosine / (CART + POLE)
        self.state = np.array([x + DT * speed, speed + DT * push, angle + DT * spin, spin + DT * turn])
        self.steps += 1
        return self.state, bool(abs(self.state[0]) > TRACK or abs(self.state[2]) > LEAN)

    @property
    def over(self):
        """Whether time is up."""
        return self.steps >= STEPS


def solved(lengths, last=30):
    """Whether the last episodes have nearly all gone on to the end."""
    return len(lengths) >= last and sum(lengths[-last:]) >= 0.975 * STEPS * last


def mean_return(choose, rng, episodes=20):
    """The mean number of steps of some episodes in which `choose(state)` gives the actions."""
    world, total = CartPole(rng), 0
    for _ in range(episodes):
        state, fallen = world.reset(), False
        while not fallen and not world.over:
            state, fallen = world.step(choose(state))
        total += world.steps
    return total / episodes
