"""The optimisers: each says how one array moves against its gradient, in place, and what it remembers of it.

Formulas and defaults are Knet's; the options that all share (`gclip`, `clip_norm`, `l2`, `decay`, a schedule for
`lr`) are those of `Optimiser`. To add one, write a dataclass like these.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np

from knetc.train.memory import Array, State
from knetc.train.optimiser import Optimiser, Rate
from knetc.train.ranges import check_fraction, check_positive
from knetc.train.scratch import scratch


@dataclass
class SGD(Optimiser):
    """Stochastic gradient descent: `w -= lr * g`.

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 2.0])}
    >>> update(w, {"w": np.array([1.0, -1.0])}, SGD(lr=0.5))
    >>> w["w"].tolist()
    [0.5, 2.5]
    """

    lr: Rate = 0.1

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        w -= np.multiply(g, lr, out=scratch(w))


@dataclass
class Momentum(Optimiser):
    """Gradient descent with momentum: `v = gamma * v - lr * g; w += v` (Polyak, 1964).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0])}
    >>> optimiser = Momentum(lr=0.5, gamma=0.5)
    >>> for _ in range(2):
    ...     update(w, {"w": np.array([1.0])}, optimiser)
    >>> w["w"].tolist()
    [-0.25]
    """

    lr: Rate = 0.05
    gamma: float = 0.95
    arrays: ClassVar[tuple[str, ...]] = ("v",)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("KN407", gamma=self.gamma)

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        v = state["v"]
        v *= self.gamma
        v -= np.multiply(g, lr, out=scratch(w))
        w += v


@dataclass
class Nesterov(Momentum):
    """Momentum that looks ahead: `w -= gamma * v; v = gamma * v - lr * g; w += (1 + gamma) * v` (Bengio et al., 2012).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0])}
    >>> update(w, {"w": np.array([1.0])}, Nesterov(lr=0.5, gamma=0.5))
    >>> w["w"].tolist()
    [0.25]
    """

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        v, buffer = state["v"], scratch(w)
        v *= self.gamma
        w -= v
        v -= np.multiply(g, lr, out=buffer)
        w += np.multiply(v, 1 + self.gamma, out=buffer)


@dataclass
class Adagrad(Optimiser):
    """Rates that fall with the gradients so far: `G += g * g; w -= lr * g / sqrt(G + eps)` (Duchi et al., 2011).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([4.0, -0.5])}, Adagrad(lr=0.25))
    >>> w["w"].round(6).tolist()
    [0.75, 1.25]
    """

    lr: Rate = 0.05
    eps: float = 1e-6
    arrays: ClassVar[tuple[str, ...]] = ("G",)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("KN407", eps=self.eps)

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        state["G"] += np.multiply(g, g, out=scratch(w))
        w -= _over_root(g, state["G"], self.eps, lr, scratch(w))


@dataclass
class Rmsprop(Optimiser):
    """`G = rho * G + (1 - rho) * g * g; w -= lr * g / sqrt(G + eps)` (Tieleman and Hinton, 2012).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([4.0, -2.0])}, Rmsprop(lr=0.25, rho=0.75))
    >>> w["w"].round(6).tolist()
    [0.5, 1.5]
    """

    lr: Rate = 0.01
    rho: float = 0.9
    eps: float = 1e-6
    arrays: ClassVar[tuple[str, ...]] = ("G",)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("KN407", rho=self.rho)
        check_positive("KN407", eps=self.eps)

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        buffer = scratch(w)
        _average(state["G"], np.multiply(g, g, out=buffer), self.rho, buffer)
        w -= _over_root(g, state["G"], self.eps, lr, buffer)


@dataclass
class Adadelta(Optimiser):
    """Steps as long as those before, in the units of the weights (Zeiler, 2012).

        G = rho * G + (1 - rho) * g * g         dw = g * sqrt(delta + eps) / sqrt(G + eps)
        w -= lr * dw                            delta = rho * delta + (1 - rho) * dw * dw

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0])}
    >>> update(w, {"w": np.array([4.0])}, Adadelta(rho=0.75, eps=0.5))
    >>> round(float(w["w"][0]), 6) == round(1 - 4 * (0.5 / 4.5) ** 0.5, 6)
    True
    """

    lr: Rate = 1.0
    rho: float = 0.9
    eps: float = 1e-6
    arrays: ClassVar[tuple[str, ...]] = ("G", "delta")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("KN407", rho=self.rho)
        check_positive("KN407", eps=self.eps)

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        dw, buffer = scratch(w), scratch(w, 1)
        _average(state["G"], np.multiply(g, g, out=buffer), self.rho, buffer)
        np.add(state["delta"], self.eps, out=dw)
        dw /= np.add(state["G"], self.eps, out=buffer)
        np.sqrt(dw, out=dw)
        dw *= g
        w -= np.multiply(dw, lr, out=buffer)
        _average(state["delta"], np.multiply(dw, dw, out=buffer), self.rho, buffer)


@dataclass
class Adam(Optimiser):
    """Adam (Kingma and Ba, 2015), with `eps` outside the root.

        m = beta1 * m + (1 - beta1) * g         v = beta2 * v + (1 - beta2) * g * g
        w -= lr * (m / (1 - beta1 ** t)) / (sqrt(v / (1 - beta2 ** t)) + eps)

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([5.0, -0.5])}, Adam(lr=0.25))
    >>> w["w"].round(6).tolist()
    [0.75, 1.25]
    """

    lr: Rate = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    arrays: ClassVar[tuple[str, ...]] = ("m", "v")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("KN407", beta1=self.beta1, beta2=self.beta2)
        check_positive("KN407", eps=self.eps)

    def init(self, w: Array) -> State:
        """Zero moments at time 0."""
        return {"t": 0, **super().init(w)}

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step. Both corrections go into the scalars, and one buffer holds every temporary."""
        m, v, buffer = state["m"], state["v"], scratch(w)
        state["t"] += 1
        correction = math.sqrt(1 - self.beta2 ** state["t"])
        _average(m, g, self.beta1, buffer)
        _average(v, np.multiply(g, g, out=buffer), self.beta2, buffer)
        np.sqrt(v, out=buffer)
        buffer += self.eps * correction
        np.divide(m, buffer, out=buffer)
        buffer *= lr * correction / (1 - self.beta1 ** state["t"])
        w -= buffer


@dataclass
class AdamW(Adam):
    """`Adam` with decoupled weight decay, 0.01 if nothing else is said (Loshchilov and Hutter, 2019).

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([5.0, -0.5])}, AdamW(lr=0.25, decay=0.5))
    >>> w["w"].round(6).tolist()
    [0.625, 1.125]
    """

    _: KW_ONLY
    decay: float = 0.01


@dataclass
class Lion(Optimiser):
    """Steps of one length, in the direction of the sign of an average (Chen et al., 2023).

        w -= lr * sign(beta1 * m + (1 - beta1) * g)         m = beta2 * m + (1 - beta2) * g

    >>> from knetc.train.update import update
    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update(w, {"w": np.array([5.0, -0.5])}, Lion(lr=0.25))
    >>> w["w"].tolist()
    [0.75, 1.25]
    """

    lr: Rate = 0.0001
    beta1: float = 0.9
    beta2: float = 0.99
    arrays: ClassVar[tuple[str, ...]] = ("m",)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("KN407", beta1=self.beta1, beta2=self.beta2)

    def step(self, w: Array, g: Array, state: State, lr: float) -> None:
        """One step."""
        m, direction, buffer = state["m"], scratch(w), scratch(w, 1)
        np.multiply(m, self.beta1, out=direction)
        direction += np.multiply(g, 1 - self.beta1, out=buffer)
        np.sign(direction, out=direction)
        direction *= lr
        w -= direction
        _average(m, g, self.beta2, buffer)


def _average(mean: Array, new: Array, weight: float, buffer: Array) -> None:
    """`mean = weight * mean + (1 - weight) * new`; `new` may be the buffer."""
    np.multiply(new, 1 - weight, out=buffer)
    mean *= weight
    mean += buffer


def _over_root(g: Array, squares: Array, eps: float, lr: float, buffer: Array) -> Array:
    """`lr * g / sqrt(squares + eps)`, in the buffer."""
    np.add(squares, eps, out=buffer)
    np.sqrt(buffer, out=buffer)
    np.divide(g, buffer, out=buffer)
    buffer *= lr
    return buffer
