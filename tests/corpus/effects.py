"""What a program returns and what it leaves behind: its arguments, the globals of its module, the text it prints.

Every run starts from the globals as they were when this module first saw them, so a program may count its calls, append
to a list of its module or bind a global anew, and the next run knows nothing of it.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import sys
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from knetc.runtime.tree import attributes
from tests.corpus.case import Case

SINGLE_VALUES = (int, float, complex, str, tuple, type(None))
BOXES = (list, dict, set, deque, np.ndarray)


@dataclass(frozen=True)
class Run:
    """One run of a program."""

    result: Any
    arguments: tuple[Any, ...]
    globals: dict[str, Any]
    text: str

    @property
    def behind(self) -> tuple[Any, ...]:
        """All that is left but the result."""
        return self.arguments, self.globals, self.text


def run(case: Case, function: Callable[..., Any]) -> Run:
    """Call `function` at the arguments of a case."""
    args = case.arguments()
    with fresh_globals(case.function) as state, contextlib.redirect_stdout(io.StringIO()) as text:
        result = function(*args, **copy.deepcopy(case.options))
        return Run(result, args, copy.deepcopy(state()), text.getvalue())


def plain(case: Case) -> Callable[..., Any]:
    """The function of a case without its effects."""

    def value(*args: Any, **options: Any) -> Any:
        with fresh_globals(case.function), contextlib.redirect_stdout(io.StringIO()):
            return case.function(*args, **options)

    return value


@contextlib.contextmanager
def fresh_globals(function: Callable[..., Any]) -> Iterator[Callable[[], dict[str, Any]]]:
    """Globals of the function's module as they were at first, here and afterwards; yields a way to look at them."""
    module = sys.modules[function.__module__]
    before = {name: (x, copy.deepcopy(x)) for name, x in state_of(module).items()}
    try:
        yield lambda: state_of(module)
    finally:
        for name, (x, kept) in before.items():
            setattr(module, name, x)
            refill(x, kept)


def state_of(module: ModuleType) -> dict[str, Any]:
    """The globals that a program may change: values and boxes, and objects of the module's own classes."""
    return {
        name: x
        for name, x in vars(module).items()
        if not name.startswith("__")
        and not isinstance(x, type)
        and (isinstance(x, (*SINGLE_VALUES, *BOXES)) or type(x).__module__ == module.__name__)
    }


def refill(x: Any, kept: Any) -> None:
    """Put back in place what a box or an object held."""
    match x:
        case np.ndarray():
            x[...] = kept
        case list() | deque():
            x.clear()
            x.extend(kept)
        case dict() | set():
            x.clear()
            x.update(kept)
        case _ if isinstance(x, SINGLE_VALUES):
            return
        case _:
            vars(x).clear()
            vars(x).update(vars(kept))


def alike(a: Any, b: Any) -> bool:
    """Whether two values are of the same types and hold the same, to the last bit."""
    if type(a) is not type(b):
        return False
    match a:
        case np.ndarray() | np.generic():
            return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
        case dict() | OrderedDict() | defaultdict():
            return list(a) == list(b) and all(alike(x, b[key]) for key, x in a.items())
        case list() | tuple() | deque():
            return len(a) == len(b) and all(map(alike, a, b))
        case _ if isinstance(a, (*SINGLE_VALUES, set)):
            return bool(a == b)
        case _ if inspect.isroutine(a) or inspect.isclass(a) or isinstance(a, np.ufunc):
            return getattr(a, "__name__", "") == getattr(b, "__name__", "")
        case _:
            return alike(attributes(a), attributes(b))
