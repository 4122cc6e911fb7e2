"""Schedules beside PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

from knetc import ReduceOnPlateau, cosine, exponential, one_cycle, step_decay

pytestmark = pytest.mark.peers("torch")


def theirs(torch, make, steps):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
    scheduler = make(torch.optim.lr_scheduler, optimiser)
    found = []
    for _ in range(steps):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return found


@pytest.mark.parametrize(
    ("ours", "make"),
    [
        (step_decay(0.8, 3, 0.5), lambda s, o: s.StepLR(o, 3, 0.5)),
        (exponential(0.8, 0.7), lambda s, o: s.ExponentialLR(o, 0.7)),
        (cosine(0.8, 20, final=0.1), lambda s, o: s.CosineAnnealingLR(o, 20, 0.1)),
        (one_cycle(0.8, 20), lambda s, o: s.OneCycleLR(o, 0.8, 20)),
        (
            one_cycle(0.8, 20, rise=0.45, div=7, final_div=30),
            lambda s, o: s.OneCycleLR(o, 0.8, 20, pct_start=0.45, div_factor=7, final_div_factor=30),
        ),
    ],
)
def test_twenty_rates_are_pytorchs(torch, ours, make):
    expected = theirs(torch, make, 19)  # after its last step, theirs raises
    np.testing.assert_allclose([ours(step) for step in range(len(expected))], expected, rtol=1e-9)


def test_a_plateau_is_pytorchs_with_a_patience_of_one_less(torch, rng):
    losses = rng.uniform(size=60).tolist()
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.8)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=4, threshold=0)
    ours, found, expected = ReduceOnPlateau(0.8, 0.5, 5), [], []
    for loss in losses:
        ours.report(loss)
        scheduler.step(loss)
        found.append(ours(0))
        expected.append(optimiser.param_groups[0]["lr"])
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found[-1] < 0.1
