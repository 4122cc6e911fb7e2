"""The optimisers as loops: `adam(model, data)` is `minimize(model, data, Adam())`.

Each takes the learning rate by position and the other hyperparameters by name; so it does the options that all
optimisers share (`gclip`, `clip_norm`, `l2`, `decay`) and those of `minimize` (`accumulate`, `bad_batch`). Every call
makes an optimiser of its own: nothing sticks to the model.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from knetc.errors import ArgumentError
from knetc.train.minimize import minimize
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.optimiser import Optimiser, Rate
from knetc.train.training import Training

DOC = """`minimize` with `{0}`, whose hyperparameters and options it takes by name.

Raises the errors of both, and `ArgumentError` (KN305) for an option that neither has.

>>> import numpy as np
>>> from knetc.train.minimize import run
>>> w = {{"w": np.array(3.0)}}
>>> run({1}(lambda w, x: (w["w"] - x) ** 2, [1.0] * 200, lr={2}, params=w)) < 1e-2
True
"""

ELSEWHERE = {
    "betas": "beta1", "learning_rate": "lr", "momentum": "gamma", "weight_decay": "decay", "nesterov": "gamma",
}  # fmt: skip
"""What others call some of the options."""


def _loop(made: type[Optimiser], example: float) -> Callable[..., Training]:
    own = inspect.signature(made).parameters
    name = made.__name__.lower()

    def loop(
        model: Any, data: Iterable[Any], lr: Rate = own["lr"].default, *, params: Any = None, **options: Any
    ) -> Training:
        training = {key: options.pop(key) for key in ("accumulate", "bad_batch") if key in options}
        for key in options.keys() - own.keys():
            raise _unknown(name, key, [*own, "params", "accumulate", "bad_batch"])
        return minimize(model, data, made(lr, **options), params, **training)

    signature = inspect.signature(loop)
    *first, options = signature.parameters.values()
    named = [p.replace(kind=p.KEYWORD_ONLY) for p in own.values() if p.name != "lr"]
    loop.__signature__ = signature.replace(parameters=[*first, *named, options])  # type: ignore[attr-defined]
    loop.__name__ = loop.__qualname__ = name
    loop.__doc__ = DOC.format(made.__name__, name, example)
    return loop


def _unknown(loop: str, option: str, known: list[str]) -> ArgumentError:
    meant = ELSEWHERE.get(option) or next(iter(get_close_matches(option, known)), "")
    cure = f"did you mean `{meant}`? " if meant in known else ""
    return ArgumentError(
        "KN305", f"{loop} has no option `{option}`", help=f"{cure}It takes {', '.join(known)}"
    )


sgd = _loop(SGD, 0.25)
momentum = _loop(Momentum, 0.02)
nesterov = _loop(Nesterov, 0.02)
adagrad = _loop(Adagrad, 0.5)
rmsprop = _loop(Rmsprop, 0.05)
adadelta = _loop(Adadelta, 20.0)
adam = _loop(Adam, 0.1)
adamw = _loop(AdamW, 0.1)
lion = _loop(Lion, 0.05)
