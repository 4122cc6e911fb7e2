"""An operation of one's own: Kepler's equation, with the derivative that the implicit function theorem gives.

    python examples/custom_op.py            fits an orbit by 1,000 steps of Adam
    python examples/custom_op.py --quick    100 steps

The eccentric anomaly E solves E - e sin E = M. Newton's iteration finds it, and knetc can differentiate the iteration;
but by the theorem dE/dM = 1 / (1 - e cos E) and dE/de = sin E / (1 - e cos E), which costs no iteration at all. The
program prints the gradient both ways, and uses its operation to find the eccentricity of an orbit.
"""

from __future__ import annotations

import argparse

import command
import numpy as np

import knetc
from knetc import adam, progress, run
from knetc.runtime.rng import generator


def newton(mean, eccentricity):
    """The eccentric anomaly for the mean anomalies of an orbit, by iteration."""
    anomaly = mean + eccentricity * np.sin(mean)
    for _ in range(8):
        error = anomaly - eccentricity * np.sin(anomaly) - mean
        anomaly = anomaly - error / (1 - eccentricity * np.cos(anomaly))
    return anomaly


@knetc.primitive(
    elementwise=True,
    mean=lambda y, mean, eccentricity: 1 / (1 - eccentricity * np.cos(y)),
    eccentricity=lambda y, mean, eccentricity: np.sin(y) / (1 - eccentricity * np.cos(y)),
)
def kepler(mean, eccentricity):
    """The same, as an operation: how it is computed does not matter for its gradient."""
    return newton(mean, eccentricity)


def loss(w, times, x):
    """How far the abscissas of a body on an orbit are from those observed; w holds e and the phase."""
    return np.mean((np.cos(kepler(times + w["phase"], w["e"])) - w["e"] - x) ** 2)


def by_iteration(w, times, x):
    """The same loss, differentiated through the iteration."""
    return np.mean((np.cos(newton(times + w["phase"], w["e"])) - w["e"] - x) ** 2)


def main(options: argparse.Namespace) -> None:
    rng = generator()
    times = rng.uniform(0, 2 * np.pi, 200)
    x = np.cos(newton(times + 0.5, 0.6)) - 0.6 + 0.01 * rng.normal(size=200)
    w = {"e": np.array(0.2), "phase": np.array(0.0)}

    implicit, explicit = knetc.grad(loss), knetc.grad(by_iteration)
    one, other = implicit(w, times, x), explicit(w, times, x)
    print(implicit.source)
    print("by the theorem:       ", {name: round(float(g), 12) for name, g in one.items()})
    print("through the iteration:", {name: round(float(g), 12) for name, g in other.items()})

    steps = 100 * options.epochs
    run(progress(adam(loss, [(times, x)] * steps, lr=0.01, params=w)))
    print(f"eccentricity: {float(w['e']):.4f} (true: 0.6), phase: {float(w['phase']):.4f} (true: 0.5)")


if __name__ == "__main__":
    command.run(main, __doc__, epochs=(10, 1))
