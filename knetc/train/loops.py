"""The optimisers as loops: `adam(model, data)` is `minimize(model, data, Adam())`.

Each takes the learning rate by position and the other hyperparameters by name; so it does the options that all
optimisers share (`gclip`, `clip_norm`, `l2`, `decay`) and those of `minimize` (`accumulate`, `bad_batch`). Every call
makes an optimiser of its own: nothing sticks to the model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knetc.train.minimize import minimize
from knetc.train.optim import SGD, Adadelta, Adagrad, Adam, AdamW, Lion, Momentum, Nesterov, Rmsprop
from knetc.train.optimiser import Rate
from knetc.train.training import Training


def sgd(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.1,
    *,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `SGD`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(sgd(lambda w, x: (w["w"] - x) ** 2, [1.0] * 20, lr=0.25, params=w)) < 1e-9
    True
    """
    training, options = _split(options)
    return minimize(model, data, SGD(lr, **options), params, **training)


def momentum(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.05,
    *,
    gamma: float = 0.95,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Momentum`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(momentum(lambda w, x: (w["w"] - x) ** 2, [1.0] * 50, gamma=0.5, params=w)) < 1e-3
    True
    """
    training, options = _split(options)
    return minimize(model, data, Momentum(lr, gamma=gamma, **options), params, **training)


def nesterov(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.05,
    *,
    gamma: float = 0.95,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Nesterov`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(nesterov(lambda w, x: (w["w"] - x) ** 2, [1.0] * 50, gamma=0.5, params=w)) < 1e-3
    True
    """
    training, options = _split(options)
    return minimize(model, data, Nesterov(lr, gamma=gamma, **options), params, **training)


def adagrad(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.05,
    *,
    eps: float = 1e-6,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Adagrad`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(adagrad(lambda w, x: (w["w"] - x) ** 2, [1.0] * 100, lr=0.5, params=w)) < 1e-3
    True
    """
    training, options = _split(options)
    return minimize(model, data, Adagrad(lr, eps=eps, **options), params, **training)


def rmsprop(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.01,
    *,
    rho: float = 0.9,
    eps: float = 1e-6,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Rmsprop`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(rmsprop(lambda w, x: (w["w"] - x) ** 2, [1.0] * 100, lr=0.05, params=w)) < 1e-2
    True
    """
    training, options = _split(options)
    return minimize(model, data, Rmsprop(lr, rho=rho, eps=eps, **options), params, **training)


def adadelta(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 1.0,
    *,
    rho: float = 0.9,
    eps: float = 1e-6,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Adadelta`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(adadelta(lambda w, x: (w["w"] - x) ** 2, [1.0] * 200, eps=0.01, params=w)) < 1e-2
    True
    """
    training, options = _split(options)
    return minimize(model, data, Adadelta(lr, rho=rho, eps=eps, **options), params, **training)


def adam(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.001,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Adam`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(adam(lambda w, x: (w["w"] - x) ** 2, [1.0] * 200, lr=0.1, params=w)) < 1e-3
    True
    """
    training, options = _split(options)
    return minimize(model, data, Adam(lr, beta1=beta1, beta2=beta2, eps=eps, **options), params, **training)


def adamw(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.001,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    decay: float = 0.01,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `AdamW`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(adamw(lambda w, x: (w["w"] - x) ** 2, [1.0] * 200, lr=0.1, decay=0.0, params=w)) < 1e-3
    True
    """
    training, options = _split(options)
    return minimize(
        model, data, AdamW(lr, beta1=beta1, beta2=beta2, eps=eps, decay=decay, **options), params, **training
    )


def lion(
    model: Any,
    data: Iterable[Any],
    lr: Rate = 0.0001,
    *,
    beta1: float = 0.9,
    beta2: float = 0.99,
    params: Any = None,
    **options: Any,
) -> Training:
    """`minimize` with `Lion`; `options` are those of `Optimiser` and of `minimize`, and so are the errors.

    >>> from knetc.train.minimize import run
    >>> import numpy as np
    >>> w = {"w": np.array(3.0)}
    >>> run(lion(lambda w, x: (w["w"] - x) ** 2, [1.0] * 200, lr=0.02, params=w)) < 1e-2
    True
    """
    training, options = _split(options)
    return minimize(model, data, Lion(lr, beta1=beta1, beta2=beta2, **options), params, **training)


def _split(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options of the loop, and those of the optimiser."""
    training = {name: value for name, value in options.items() if name in ("accumulate", "bad_batch")}
    return training, {name: value for name, value in options.items() if name not in training}
