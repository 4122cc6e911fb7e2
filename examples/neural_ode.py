"""A neural ordinary differential equation: the law of a spiral, learnt from noisy points along it.

    python examples/neural_ode.py            2,000 steps of Adam; draws neural_ode.png
    python examples/neural_ode.py --quick    150 steps

The derivative of the state is a small network, and a Runge-Kutta integrator that knows nothing of networks integrates
it: knetc differentiates through both (discretise, then optimise; compare Chen et al., 2018, who do the converse).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import command
import numpy as np

from knetc import adam, param, param0, progress, run
from knetc.runtime.atomic import replacing
from knetc.runtime.rng import generator

TRUE = np.array([[-0.1, 2.0], [-2.0, -0.1]])


def rk4(f, y, t, h):
    """One step of the classical Runge-Kutta method."""
    k1 = f(y, t)
    k2 = f(y + h / 2 * k1, t + h / 2)
    k3 = f(y + h / 2 * k2, t + h / 2)
    k4 = f(y + h * k3, t + h)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def network(w, y):
    """The derivative of the state: one hidden layer, of cubes."""
    return np.tanh(y**3 @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]


def loss(w, starts, ends, h):
    """The mean absolute error along short pieces of the curve; `ends` has the shape (steps, pieces, 2)."""
    y = starts
    error = 0.0
    for i in range(len(ends)):
        y = rk4(lambda y, t: network(w, y), y, i * h, h)
        error = error + np.mean(np.abs(y - ends[i]))
    return error / len(ends)


def trajectory(f, y, steps, h):
    """All states from `y` on, shape (steps + 1, 2)."""
    states = [y]
    for i in range(steps):
        states.append(rk4(f, states[-1], i * h, h))
    return np.stack(states)


def pieces(curve, number, length, h):
    """Batches of random pieces of a curve, without end."""
    rng = generator()
    while True:
        first = rng.integers(len(curve) - length, size=number)
        yield curve[first], np.stack([curve[first + i] for i in range(1, length + 1)]), h


def draw(curve, learnt, path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot(*curve.T, ".", markersize=2, label="points")
    axes.plot(*learnt.T, label="learnt")
    axes.legend()
    with replacing(path) as file:
        figure.savefig(file, format="png", dpi=100)


def main(options: argparse.Namespace) -> None:
    h, steps = 0.025, 1000
    exact = trajectory(lambda y, t: y**3 @ TRUE.T, np.array([2.0, 0.0]), steps, h)
    curve = exact + 0.01 * generator().normal(size=exact.shape)
    w = {
        "w1": param(2, 50, dtype=float),
        "b1": param0(50, dtype=float),
        "w2": param(50, 2, dtype=float),
        "b2": param0(2, dtype=float),
    }
    batches = pieces(curve, 20, 10, h)
    updates = 200 * options.epochs
    training = adam(loss, (next(batches) for _ in range(updates)), lr=0.003, params=w)
    print(f"mean absolute error of the pieces: {run(progress(training, total=updates)):.4f}")
    learnt = trajectory(lambda y, t: network(w, y), exact[0], steps, h)
    print(f"mean distance from the true curve: {np.mean(np.hypot(*(learnt - exact).T)):.4f}")
    field, true = network(w, exact), exact**3 @ TRUE.T
    print(f"explained: {1 - np.sum((field - true) ** 2) / np.sum(true**2):.4f} of the law along the curve")
    try:
        draw(curve, learnt, options.out)
        print(f"picture: {options.out}")
    except ImportError:
        print("picture: none, as matplotlib is missing; pip install 'knetc[plot]'")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(10, 1), out=Path("neural_ode.png"))
