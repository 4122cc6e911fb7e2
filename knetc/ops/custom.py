"""Operations with rules of the user's own: `@primitive` and `@nondifferentiable`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from knetc.errors import ArgumentError
from knetc.ops import registry

F = TypeVar("F", bound=Callable[..., Any])
Rule = Callable[..., Any]


def primitive(*, elementwise: bool = False, **rules: Rule) -> Callable[[F], F]:
    """Make a function an operation of its own: its rules are used, and its body is not looked into.

    Each keyword names a parameter and gives its rule, `(g, y, *arguments) -> cotangent of the parameter`: `g` is the
    cotangent of the result `y`, and the arguments are all of the function's, with the same defaults. A cotangent has
    the shape of its argument. With `elementwise=True` a rule is the partial derivative `(y, *arguments) -> dy/dx`, and
    arguments may broadcast against each other. A parameter without rule must be constant: else it is refused (KN101).

    A rule that is an expression of numpy is printed into the gradient, and differentiated where a second derivative is
    asked for; any other is called by it. The function must neither change its arguments nor have other effects.

    Raises `ArgumentError` (KN350) without rules, or for a rule that does not fit the function.

    >>> import knetc
    >>> import numpy as np
    >>> @primitive(elementwise=True, x=lambda y, x, slope=0.1: np.where(x > 0, 1.0, slope))
    ... def leaky(x, slope=0.1):
    ...     return np.where(x > 0, x, slope * x)
    >>> loss = knetc.grad(lambda x: np.sum(leaky(x, slope=0.5)))
    >>> loss(np.array([2.0, -2.0]))
    array([1. , 0.5])
    """

    def declare(function: F) -> F:
        _check(function, rules, "y" if elementwise else "g, y")
        op = registry.traceable(function)
        if elementwise:
            names = list(inspect.signature(function).parameters)
            registry.elementwise(op, *(rules.get(name) for name in names))
        else:
            registry.rule(op, aliases=(), **rules)
        return op

    return declare


def nondifferentiable(function: F) -> F:
    """Make a function an operation whose derivative is zero: a rounding, a sample, the step of an environment.

    What it returns is a constant, and its body may contain anything (Knet's `@zerograd`).

    >>> import knetc
    >>> import numpy as np
    >>> @nondifferentiable
    ... def level(x):
    ...     return np.floor(x)
    >>> loss = knetc.grad(lambda x: level(x) * x)
    >>> loss(2.5)
    2.0
    """
    registry.nondifferentiable(function)
    return function


def _check(function: Callable[..., Any], rules: dict[str, Rule], results: str) -> None:
    names = list(inspect.signature(function).parameters)
    wanted = [*results.split(", "), *names]
    wrong = [name for name, rule in rules.items() if name not in names or not _takes(rule, len(wanted))]
    if rules and not wrong:
        return
    got = f"a rule for `{wrong[0]}` that does not fit" if wrong else "no rule at all"
    raise ArgumentError(
        "KN350",
        f"primitive: `{function.__name__}` has the parameters {', '.join(names)}, and got {got}",
        help=f"name the parameter, and take what it takes: {(names or ['x'])[0]}=lambda {', '.join(wanted)}: ...",
    )


def _takes(rule: Rule, number: int) -> bool:
    """Whether a rule has that many parameters."""
    found = inspect.signature(rule).parameters.values()
    return len(found) == number or any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in found)
