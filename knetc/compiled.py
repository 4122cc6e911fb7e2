"""Compiled functions: one per kinds of arguments, found again by a cheap key, made anew when the world has changed."""

from __future__ import annotations

import builtins
import copy
import inspect
import itertools
import threading
import types
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from knetc.analysis.kinds import FUNCTION_TYPES, MAX_ITEMS, PLAIN_TYPES, Kind, kind_of, known_attributes
from knetc.emit.loader import Loaded, load
from knetc.emit.module import Module, assemble
from knetc.front.resolve import free_value
from knetc.front.source import SPELLED
from knetc.ir.walk import all_reads
from knetc.runtime.frozen import FrozenFloat
from knetc.runtime.mirror import is_array
from knetc.runtime.tree import leaves, reaches
from knetc.session import Session
from knetc.uses import Uses

LOCK = threading.RLock()
MAX_KEYS = 4096
PLAIN = frozenset((float, FrozenFloat, int, bool, str, type(None)))
CONTAINERS = frozenset((list, tuple, dict))


def key_of(value: Any, within: tuple[type, ...] = ()) -> Any:
    """A cheap key such that values with the same key have the same kind, as parts of objects `within`."""
    kind = type(value)
    if kind is np.ndarray:
        return value.shape, value.dtype.char
    if kind in PLAIN:
        return kind
    if kind in CONTAINERS and len(value) <= MAX_ITEMS:
        return (kind, *value, *map(key_of, value.values())) if kind is dict else (kind, *map(key_of, value))
    if kind in CONTAINERS or is_array(value) or isinstance(value, (tuple, np.generic, *FUNCTION_TYPES)):
        return kind_of(value)
    held, within = known_attributes(value, within), (*within, kind)
    return kind, *((n, v if isinstance(v, FUNCTION_TYPES) else key_of(v, within)) for n, v in held.items())


def default_keys(function: types.FunctionType) -> tuple[Any, ...]:
    """Keys of the default values that may hold something else at the next call."""
    if not function.__defaults__ and not function.__kwdefaults__:
        return ()
    given = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    return tuple([key_of(value) for value in given if not isinstance(value, PLAIN_TYPES)])


Args = tuple[Any, ...]


class Variant(Protocol):
    """A gradient for some kinds of arguments, compiled or recorded."""

    @property
    def text(self) -> str:
        """What it does, as Python."""

    def holds(self) -> bool:
        """Whether it may be used again."""


@dataclass(frozen=True)
class Compiled:
    """A loaded module of generated functions, and what it takes for granted about the user's names."""

    module: Module
    loaded: Loaded
    uses: tuple[Uses, ...]
    globals: tuple[tuple[Mapping[str, Any], str, Any], ...]
    written: frozenset[str] = frozenset()
    published: dict[str, frozenset[str]] = field(default_factory=dict)

    def may_run(self, arguments: dict[str, Any]) -> bool:
        """Whether nothing else that the function reads shares memory with an argument that it changes."""
        for name, attributes in self.published.items():
            owner = arguments[name]
            others = [value for other, value in arguments.items() if other != name]
            others += [getattr(owner, a, None) for a in attributes] + [use.value for use in self.uses]
            if not all(hasattr(owner, a) for a in attributes) or any(reaches(v, owner) for v in others):
                return False
        written = [arguments[name] for name in self.written]
        others = [value for name, value in arguments.items() if name not in self.written]
        others += [use.value for use in self.uses]
        arrays = [leaf for value in others for _, leaf in leaves(value)]
        pairs = (*itertools.product(written, arrays), *itertools.combinations(written, 2))
        return not any(np.may_share_memory(a, b) for a, b in pairs)

    def kept(
        self, params: tuple[str, ...], args: Args, kwargs: dict[str, Any]
    ) -> tuple[Args, dict[str, Any]]:
        """The arguments, with copies of the objects that change: their gradients mirror what they are now."""
        named = zip(params, args, strict=False)
        kept = tuple(copy.copy(a) if n in self.published else a for n, a in named)
        return kept, {n: copy.copy(a) if n in self.published else a for n, a in kwargs.items()}

    @property
    def text(self) -> str:
        """The generated module."""
        return self.module.text

    def holds(self) -> bool:
        """Whether the names outside still stand for what they stood for."""
        for namespace, name, value in self.globals:
            if namespace.get(name) is not value:
                return all(map(_holds, self.uses))
        return True


def _holds(use: Uses) -> bool:
    value = use.now
    if value is use.value and not use.may_change:
        return True
    return use.kind is not None and kind_of(value) == use.kind


def _namespace(use: Uses) -> tuple[Mapping[str, Any], str, Any] | None:
    """Where a cheap look tells that a use still holds: None for modules and lifted functions, which are not rebound."""
    fixed = isinstance(use.value, types.FunctionType) and use.value in SPELLED
    if fixed or isinstance(use.value, types.ModuleType):
        return None
    if use.owner is not None:
        own = vars(use.owner)
        return (own, use.name, use.value) if use.name in own else ({}, use.name, use)
    if use.may_change:
        return {}, use.name, use  # never the same: what the object holds is looked at
    names = use.function.__globals__
    if use.value is getattr(builtins, use.name, use) and use.name not in names:
        return names, use.name, None  # until somebody defines the name
    owner, _, attribute = use.name.partition(".")
    if attribute:  # a method; for an inherited one all classes are looked at
        own = vars(free_value(use.function, owner))
        return (own, attribute, use.value) if attribute in own else ({}, use.name, use)
    if use.name in use.function.__code__.co_freevars:
        return {}, use.name, use  # never the same: cells are looked at closely
    return use.function.__globals__, use.name, use.value


def finish(session: Session, title: str) -> Compiled:
    """Print and load what a session has generated."""
    module = assembled(session)
    origins = {g.function.name: g.function.origin for g in session.generated}
    uses = tuple(session.uses.values())
    cheap = tuple(found for found in map(_namespace, uses) if found is not None)
    return Compiled(module, load(module, origins, title), uses, cheap, session.written, session.published)


def assembled(session: Session) -> Module:
    """What a session has generated, as one module."""
    session.add_helpers()
    return assemble(session.generated, taken_names(session))


def taken_names(session: Session) -> frozenset[str]:
    """Names that generated imports must not hide: the user's variables, and globals that are something else."""
    taken: set[str] = set()
    for generated in session.generated:
        f = generated.function
        code = f.origin.__code__
        taken |= {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
        for name in all_reads(f.body) & set(code.co_names):
            if free_value(f.origin, name) is not np or name != "np":
                taken.add(name)
    return frozenset(taken)


class Cache:
    """Compiled variants of a function by the keys of its arguments."""

    def __init__(self) -> None:
        self.by_key: dict[Any, tuple[Any, Variant]] = {}
        self.by_kind: dict[Any, tuple[Any, Variant]] = {}

    def find(self, key: Any) -> Any:
        """What was built for this key, if it still holds."""
        found = self.by_key.get(key)
        return found[0] if found is not None and found[1].holds() else None

    def get(self, key: Any, kinds: Callable[[], Any], build: Callable[[Any], tuple[Any, Variant]]) -> Any:
        """What `build` makes for these kinds, now or before."""
        with LOCK:
            named = kinds()
            kind_key = tuple(named.items())
            found = self.by_kind.get(kind_key)
            if found is None or not found[1].holds():
                found = self.by_kind[kind_key] = build(named)
            if len(self.by_key) >= MAX_KEYS:
                self.by_key.clear()
            self.by_key[key] = found
        return found[0]

    def put(self, key: Any, variant: Any) -> Any:
        """Take a variant that serves as its own function for this key."""
        with LOCK:
            self.by_key[key] = (variant, variant), variant
        return variant


def bind_all(signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """All arguments by parameter, defaults included."""
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def kinds_of(arguments: dict[str, Any]) -> dict[str, Kind]:
    """The kinds of arguments by parameter."""
    return {name: kind_of(value) for name, value in arguments.items()}


# ---- what the run time asks for


@dataclass(frozen=True)
class CompiledPair:
    """The sweeps of a function that was called at run time."""

    forward: Any
    backward: Any
    wrt: tuple[str, ...]
    params: tuple[str, ...]

    def bars(self, residuals: Any, bar: Any) -> dict[str, Any]:
        """The cotangents by parameter; none if nothing has flowed in."""
        if bar is None or not self.wrt:
            return {}
        found = self.backward(residuals, bar)
        return {self.wrt[0]: found} if len(self.wrt) == 1 else dict(zip(self.wrt, found, strict=True))

    def names(self, positional: int, kwargs: dict[str, Any]) -> tuple[str, ...]:
        """The parameters of so many positional and these keyword arguments."""
        return (*self.params[:positional], *kwargs)


_pairs: weakref.WeakKeyDictionary[Any, Cache] = weakref.WeakKeyDictionary()
_anonymous: weakref.WeakKeyDictionary[types.CodeType, dict[int, Cache]] = weakref.WeakKeyDictionary()
"""Of functions that are made anew in every round: those of one code, in one namespace, without captured names."""


def sweeps(function: types.FunctionType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> CompiledPair:
    """The compiled sweeps of a function for these arguments, differentiated with respect to all that can be."""
    cache = _cache_of(function)
    key = (*map(key_of, args), *((k, key_of(v)) for k, v in kwargs.items()), *default_keys(function))
    signature = inspect.signature
    pair: CompiledPair | None = cache.find(key)
    return pair or cache.get(
        key,
        lambda: kinds_of(bind_all(signature(function, follow_wrapped=False), args, kwargs)),
        lambda kinds: _build_pair(function, kinds),
    )


def _cache_of(function: types.FunctionType) -> Cache:
    if function.__closure__ or function.__defaults__ or function.__kwdefaults__:
        return _pairs.setdefault(function, Cache())
    return _anonymous.setdefault(function.__code__, {}).setdefault(id(function.__globals__), Cache())


def _build_pair(function: types.FunctionType, kinds: dict[str, Kind]) -> tuple[CompiledPair, Compiled]:
    session = Session()
    wrt = frozenset(name for name, kind in kinds.items() if kind.may_be_active)
    callee = session.pair(function, kinds, wrt)
    compiled = finish(session, callee.forward)
    functions = compiled.loaded.functions
    pair = CompiledPair(functions[callee.forward], functions[callee.backward], callee.wrt, tuple(kinds))
    return pair, compiled
