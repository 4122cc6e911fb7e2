"""The public face of the compiler: `grad` and `value_and_grad`, as functions and as decorators."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from knetc.gradient import Gradient, Wrt


def grad(function: Callable[..., Any] | None = None, wrt: Wrt = 0, *, source: str | None = None) -> Any:
    """The gradient of a scalar function with respect to `wrt`: a position, a name, or a tuple of them.

    The result is called like `function`. The gradient of an array is an array of its shape and dtype; that of a
    list, tuple, dict or object mirrors it. Works as a decorator, with and without arguments.

    Parameters:
        function: a Python function, method or callable object that returns a float.
        wrt: what to differentiate by; a tuple gives a tuple of gradients.
        source: the text of the function, where Python does not keep it.

    Raises `ArgumentError` for a `wrt` that names no parameter; calling the result raises `Refusal`, `DtypeError` or
    `ShapeError`.

    >>> import numpy as np
    >>> def loss(w, x):
    ...     return np.sum(np.tanh(w * x))
    >>> grad(loss)(np.array([0.0, 1.0]), np.array([2.0, 3.0])).round(4)
    array([2.    , 0.0296])
    >>> grad(loss, wrt=("w", "x"))(0.5, 2.0)[1].__class__
    <class 'float'>
    """
    if function is None:
        return lambda f: _gradient(f, wrt, value=False, source=source)
    return _gradient(function, wrt, value=False, source=source)


def value_and_grad(
    function: Callable[..., Any] | None = None, wrt: Wrt = 0, *, source: str | None = None
) -> Any:
    """Like `grad`, but the result returns the pair (value, gradient).

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    if function is None:
        return lambda f: _gradient(f, wrt, value=True, source=source)
    return _gradient(function, wrt, value=True, source=source)


def _gradient(function: Callable[..., Any], wrt: Wrt, *, value: bool, source: str | None) -> Gradient:
    if isinstance(function, Gradient):
        function, source = _calling(function)
    return Gradient(function, wrt, value=value, source=source)


def _calling(gradient: Gradient) -> tuple[Callable[..., Any], str]:
    """A function that calls a gradient, with its text: what the gradient of a gradient is taken of."""
    inner = gradient.function
    parameters = [
        p.replace(annotation=p.empty, default=p.empty if p.default is p.empty else None)
        for p in inspect.signature(gradient).parameters.values()
    ]
    passed = [
        f"{p.name}={p.name}" if p.kind is p.KEYWORD_ONLY else str(p).partition("=")[0] for p in parameters
    ]
    name = f"gradient_of_{inner.__name__.strip('<>')}"
    text = f"def {name}{inspect.Signature(parameters)}:\n    return gradient({', '.join(passed)})\n"
    scope: dict[str, Any] = {"gradient": gradient}
    exec(compile(text, "<gradient of a gradient>", "exec"), scope)  # noqa: S102  names of parameters only
    scope[name].__defaults__, scope[name].__kwdefaults__ = inner.__defaults__, inner.__kwdefaults__
    return scope[name], text
