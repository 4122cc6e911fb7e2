"""How a function of the corpus says where it is tried: `@at(vector(3), 0.5)` above it, once for each set of arguments.

The decorator returns the function as it is. Arguments are copied before every use, so a function may be given the same
array as its neighbour.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])
rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Case:
    """A function and the arguments it is tried at."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def arguments(self) -> tuple[Any, ...]:
        """Fresh copies of the positional arguments."""
        return copy.deepcopy(self.args)

    def call(self) -> inspect.BoundArguments:
        """The arguments by the names of the parameters, those of `*args` and `**kwargs` together."""
        return inspect.signature(self.function).bind(*self.arguments(), **copy.deepcopy(self.options))


CASES: list[Case] = []
"""All cases, the last decorator of a function first, as Python applies them."""


def at(*args: Any, **options: Any) -> Callable[[Function], Function]:
    """Try the function below at these arguments."""

    def register(function: Function) -> Function:
        CASES.append(Case(function, args, options))
        return function

    return register


def vector(n: int) -> Any:
    """An array of n numbers between -1 and 1."""
    return rng.uniform(-1, 1, n)


def matrix(n: int, m: int) -> Any:
    """An array of n rows and m columns, of numbers between -1 and 1."""
    return rng.uniform(-1, 1, (n, m))


def positive(*shape: int) -> Any:
    """An array of numbers between 0.5 and 2."""
    return rng.uniform(0.5, 2, shape)


def caller(case: Case) -> tuple[Callable[..., Any], str]:
    """A function that only calls the function of a case, with the same parameters, and its text."""
    signature = inspect.signature(case.function)
    given = [signature.parameters[name] for name in case.call().arguments]
    formal = signature.replace(parameters=[p.replace(annotation=p.empty, default=p.empty) for p in given])
    actual = {
        inspect.Parameter.VAR_POSITIONAL: "*{0}",
        inspect.Parameter.VAR_KEYWORD: "**{0}",
        inspect.Parameter.KEYWORD_ONLY: "{0}={0}",
    }
    passed = ", ".join(actual.get(p.kind, "{0}").format(p.name) for p in given)
    text = f"def outer{formal.replace(return_annotation=formal.empty)}:\n    return 1.5 * inner({passed})\n"
    namespace: dict[str, Any] = {"inner": case.function}
    exec(text, namespace)
    return namespace["outer"], text
