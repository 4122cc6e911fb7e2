"""What is known of callables that are written in C, and of the modules of the standard library."""

from __future__ import annotations

import functools
import operator
import types
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, deque
from typing import Any

from knetc.errors import Refusal


def no_rule(function: Any) -> Refusal:
    """The refusal of a callee without rule and without source."""
    name = getattr(function, "__qualname__", None) or type(function).__name__
    module = getattr(function, "__module__", None)
    shown = f"{module}.{name}".replace("numpy.", "np.", 1) if module not in (None, "builtins") else name
    return Refusal(
        "KN103",
        f"`{shown}` was called with something to differentiate, but has neither a rule nor Python source",
        help=f"give it a rule, or compute the same with functions listed under `knetc.ops` instead of `{name}`",
    )


MOVERS: tuple[type, ...] = (
    list, tuple, dict, set, frozenset, str, bytes, deque, OrderedDict, Counter, ChainMap, UserDict, UserList,
    types.GeneratorType, types.MappingProxyType, type(iter([])), type({}.keys()), type({}.values()), type({}.items()),
    BaseException,
)  # fmt: skip
"""Types whose methods in C move values, and compute nothing."""

INACTIVE = frozenset(
    "builtins.print builtins.len builtins.isinstance builtins.issubclass builtins.id builtins.hash builtins.repr "
    "builtins.str builtins.format builtins.type builtins.callable builtins.hasattr builtins.any builtins.all "
    "builtins.range builtins.slice builtins.vars builtins.dir builtins.delattr builtins.object builtins.super "
    "builtins.globals builtins.locals builtins.bool builtins.int builtins.round builtins.ascii builtins.input "
    "builtins.open builtins.__build_class__ builtins.staticmethod builtins.classmethod builtins.property "
    "_operator.lt _operator.le _operator.eq _operator.ne _operator.gt _operator.ge _operator.countOf "
    "_operator.indexOf _operator.index _operator.length_hint time.time time.perf_counter time.sleep "
    "sys.getrefcount sys.getsizeof gc.collect".split()
)
"""Functions in C that compute nothing with derivatives."""

PLAIN_MODULES = frozenset("logging warnings pprint time sys os io gc traceback typing abc weakref".split())
"""Modules of the standard library whose functions are called as they are: what they give back is for people."""

CONCURRENT_MODULES = frozenset(
    "threading concurrent multiprocessing asyncio subprocess queue sched signal".split()
)
"""Modules of the standard library that run functions where no recorder is."""

GETTERS = (operator.attrgetter, operator.methodcaller, operator.itemgetter, functools.partial)
"""What `operator` and `functools` make of their arguments."""

NUMBER_METHODS = frozenset(
    "is_integer hex conjugate __lt__ __le__ __eq__ __ne__ __gt__ __ge__ __hash__ __bool__ __format__ __str__ __repr__"
    " __int__ __trunc__ __floor__ __ceil__".split()
)
"""Methods of numbers that compute nothing with derivatives."""

MOVING_MODULES = frozenset(("_heapq", "_bisect"))
"""Modules in C whose functions move values, and compare them."""

MOVING = frozenset("extend update union extendleft join __init__".split())
"""Methods that walk over their arguments."""
