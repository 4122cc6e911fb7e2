"""Each optimiser beside PyTorch's, where the formulas coincide (a tiny `eps` where they differ in its place)."""

from __future__ import annotations

import numpy as np
import pytest

from knetc import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Rmsprop, update

pytestmark = pytest.mark.peers("torch")
TINY = 1e-300


PAIRS = {
    "sgd": (SGD(0.3, l2=0.1), lambda o, p: o.SGD(p, 0.3, weight_decay=0.1)),
    "momentum": (Momentum(0.3, 0.7), lambda o, p: o.SGD(p, 0.3, momentum=0.7)),
    "nesterov": (
        Nesterov(0.3, 0.7, l2=0.1),
        lambda o, p: o.SGD(p, 0.3, momentum=0.7, nesterov=True, weight_decay=0.1),
    ),
    "adagrad": (Adagrad(0.3, TINY), lambda o, p: o.Adagrad(p, 0.3, eps=TINY)),
    "rmsprop": (Rmsprop(0.3, 0.7, TINY), lambda o, p: o.RMSprop(p, 0.3, alpha=0.7, eps=TINY)),
    "adadelta": (
        Adadelta(0.3, 0.7, 0.1, l2=0.2),
        lambda o, p: o.Adadelta(p, 0.3, rho=0.7, eps=0.1, weight_decay=0.2),
    ),
    "adam": (
        Adam(0.3, 0.8, 0.9, 0.1, l2=0.2),
        lambda o, p: o.Adam(p, 0.3, (0.8, 0.9), eps=0.1, weight_decay=0.2),
    ),
    "adamw": (
        AdamW(0.3, 0.8, 0.9, 0.1, decay=0.2),
        lambda o, p: o.AdamW(p, 0.3, (0.8, 0.9), eps=0.1, weight_decay=0.2),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("clip", [0.0, 1.5])
def test_seven_steps_are_pytorchs(torch, rng, name, clip):
    ours, make = PAIRS[name]
    ours = ours.clone()
    ours.clip_norm = clip
    w = [rng.normal(size=(3, 4)), rng.normal(size=5)]
    theirs = [torch.tensor(a, requires_grad=True) for a in w]
    optimiser = make(torch.optim, theirs)
    for _ in range(7):
        gradients = [rng.normal(size=a.shape) for a in w]
        for tensor, g in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(g)
        if clip:
            torch.nn.utils.clip_grad_norm_(theirs, clip)
        update(w, gradients, ours)
        optimiser.step()
    for a, tensor in zip(w, theirs, strict=True):
        np.testing.assert_allclose(
            a, tensor.detach().numpy(), rtol=1e-12, atol=1e-5 if clip else 0
        )  # torch adds 1e-6 there
