"""Optimisers: dataclasses of hyperparameters with `init(w)`, a state for an array, and `update(w, g, state)`.

An optimiser owns the state of every array that it has updated, so it can be used for one epoch after the
other, and a change of `optimiser.lr` takes effect at the next step. Arrays are updated in place. To add an
optimiser, write one dataclass like these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from knetc.errors import ArgumentError
from knetc.train.update import Array, Memory, State


@dataclass
class SGD:
    """Stochastic gradient descent: `w -= lr * g`.

    `gclip` > 0 scales the gradient of an array down to this norm. Raises `ArgumentError` (KN407).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 2.0])}
    >>> update(w, {"w": np.array([1.0, -1.0])}, SGD(lr=0.5))
    >>> w["w"].tolist()
    [0.5, 2.5]
    """

    lr: float = 0.1
    gclip: float = 0.0
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_non_negative(lr=self.lr, gclip=self.gclip)

    def init(self, w: Array) -> State:
        """Nothing to remember."""
        return {}

    def update(self, w: Array, g: Array, state: State) -> None:
        """One step."""
        w -= self.lr * g


@dataclass
class Momentum:
    """Gradient descent with momentum: `v = gamma * v - lr * g; w += v` (Polyak, 1964).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0])}
    >>> optimiser = Momentum(lr=0.5, gamma=0.5)
    >>> for _ in range(2):
    ...     update(w, {"w": np.array([1.0])}, optimiser)
    >>> w["w"].tolist()
    [-0.25]
    """

    lr: float = 0.05
    gamma: float = 0.95
    gclip: float = 0.0
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_non_negative(lr=self.lr, gclip=self.gclip)
        _check_fraction(gamma=self.gamma)

    def init(self, w: Array) -> State:
        """No velocity."""
        return {"v": np.zeros_like(w)}

    def update(self, w: Array, g: Array, state: State) -> None:
        """One step."""
        v = state["v"]
        v *= self.gamma
        v -= self.lr * g
        w += v


@dataclass
class Adam:
    """Adam (Kingma and Ba, 2015), with `eps` outside the root.

        m = beta1 * m + (1 - beta1) * g         v = beta2 * v + (1 - beta2) * g * g
        w -= lr * (m / (1 - beta1 ** t)) / (sqrt(v / (1 - beta2 ** t)) + eps)

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([5.0, -0.5])}, Adam(lr=0.25))
    >>> w["w"].round(6).tolist()
    [0.75, 1.25]
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    gclip: float = 0.0
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_non_negative(lr=self.lr, eps=self.eps, gclip=self.gclip)
        _check_fraction(beta1=self.beta1, beta2=self.beta2)

    def init(self, w: Array) -> State:
        """Zero moments at time 0."""
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def update(self, w: Array, g: Array, state: State) -> None:
        """One step. Both corrections go into the scalars, and one buffer holds every temporary."""
        m, v, buffer = state["m"], state["v"], np.empty_like(w)
        state["t"] += 1
        correction = math.sqrt(1 - self.beta2 ** state["t"])
        rate = self.lr * correction / (1 - self.beta1 ** state["t"])

        np.multiply(g, 1 - self.beta1, out=buffer)
        m *= self.beta1
        m += buffer

        np.multiply(g, g, out=buffer)
        buffer *= 1 - self.beta2
        v *= self.beta2
        v += buffer

        np.sqrt(v, out=buffer)
        buffer += self.eps * correction
        np.divide(m, buffer, out=buffer)
        buffer *= rate
        w -= buffer


def _check_non_negative(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value < math.inf:
            raise ArgumentError("KN407", f"`{name}` is {value}; expected 0 or more", help=f"{name}=0.001")


def _check_fraction(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ArgumentError(
                "KN407", f"`{name}` is {value}; expected 0 to 1, 1 excluded", help=f"{name}=0.9"
            )
