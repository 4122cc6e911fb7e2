"""A strict stand-in for cupy: numpy underneath, with cupy's manners.

Nothing becomes a numpy array unasked (`get` asks), host arrays and strict arrays do not mix, and every result, of a
reduction too, is a strict array. Code that runs on this uses its argument's own module and no other.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from knetc.backends import register


class StrictArray:
    """An array that only its own module can read."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, host: np.ndarray) -> None:
        self._host = host

    def get(self) -> np.ndarray:
        """The values, on the host, as a copy."""
        return self._host.copy()

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        msg = "implicit conversion to a numpy array; use get() to construct one explicitly"
        raise TypeError(msg)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return strict(getattr(ufunc, method)(*map(host, inputs), **host(options)))

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        return strict(function(*host(args), **host(options)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # no way in through the protocols of host arrays
        value = getattr(self._host, name)
        return calling(value) if callable(value) else strict(value)

    def __getitem__(self, index: Any) -> Any:
        return StrictArray(np.asarray(self._host[host(index)]))

    def __setitem__(self, index: Any, value: Any) -> None:
        self._host[host(index)] = host(value)

    def __len__(self) -> int:
        return len(self._host)

    def __iter__(self) -> Any:
        return map(strict, self._host)

    def __bool__(self) -> bool:
        return bool(self._host)

    def __int__(self) -> int:
        return int(self._host)

    def __float__(self) -> float:
        return float(self._host)


def _operator(name: str) -> Any:
    def call(self: StrictArray, *others: Any) -> Any:
        return strict(getattr(self._host, name)(*map(host, others)))

    return call


_BINARY = "add sub mul truediv floordiv mod pow matmul and or xor"
_NAMES = [f"{side}{name}" for name in _BINARY.split() for side in ("", "r", "i")]
for _name in [*_NAMES, "neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "eq", "ne"]:
    setattr(StrictArray, f"__{_name}__", _operator(f"__{_name}__"))


def host(x: Any) -> Any:
    """What numpy computes with; arrays that are on the host already are refused."""
    if isinstance(x, StrictArray):
        return x._host
    if isinstance(x, (list, tuple)):
        return type(x)(map(host, x))
    if isinstance(x, dict):
        return {key: host(value) for key, value in x.items()}
    if isinstance(x, np.ndarray):
        msg = "unsupported type <class 'numpy.ndarray'>"
        raise TypeError(msg)
    return x


def strict(x: Any) -> Any:
    """What numpy returned, as cupy would."""
    if isinstance(x, (np.ndarray, np.generic)):
        return StrictArray(np.asarray(x))
    if type(x) in (list, tuple):
        return type(x)(map(strict, x))
    return type(x)(*map(strict, x)) if isinstance(x, tuple) else x


def calling(function: Any) -> Any:
    def call(*args: Any, **options: Any) -> Any:
        return strict(function(*host(args), **host(options)))

    return call


class StrictModule:
    """numpy's functions on strict arrays."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        if isinstance(value, types.ModuleType):
            return StrictModule(value)
        if isinstance(value, np.ufunc):
            return StrictUfunc(value)
        return calling(value) if callable(value) and not isinstance(value, type) else value

    def asarray(self, x: Any, dtype: Any = None) -> StrictArray:
        """The explicit way from the host."""
        return StrictArray(np.asarray(x._host if isinstance(x, StrictArray) else x, dtype))

    def default_rng(self, seed: int) -> StrictModule:
        """A generator that draws strict arrays."""
        return StrictModule(np.random.default_rng(seed))


class StrictUfunc:
    """A ufunc with the method that scattering needs."""

    def __init__(self, ufunc: np.ufunc) -> None:
        self.ufunc = ufunc

    def __call__(self, *args: Any, **options: Any) -> Any:
        return strict(self.ufunc(*host(args), **host(options)))

    def at(self, target: StrictArray, index: Any, value: Any) -> None:
        self.ufunc.at(host(target), host(index), host(value))


module = StrictModule(np)
register(StrictArray, module)
