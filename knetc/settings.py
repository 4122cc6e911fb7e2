"""`knetc.config(...)`: what holds for a whole program, or for a `with` block.

check    compare each gradient with a finite difference when it is first called
record   record what the compiler cannot write the adjoint of (otherwise it is refused)
training a gradient trains: dropout drops, batchnorm normalises by its batch (otherwise both evaluate)
"""

from __future__ import annotations

import dataclasses
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from knetc.errors import ArgumentError


@dataclass(frozen=True)
class Options:
    """What can be set, with its defaults."""

    check: bool = False
    record: bool = True
    training: bool = True


_options: ContextVar[Options] = ContextVar("knetc", default=Options())  # noqa: B039  it is frozen


def options() -> Options:
    """What is set at present."""
    return _options.get()


class Setting:
    """What `config` returns: a context manager that takes the change back."""

    def __init__(self, former: Options) -> None:
        self._former = former

    def __enter__(self) -> None:
        """The change has been made already."""

    def __exit__(self, *_: object) -> None:
        _options.set(self._former)


def config(**changes: Any) -> Setting:
    """Set options from now on, or for a `with` block, in the present thread or task.

    Parameters:
        check: whether the first call of every gradient, with each kind of arguments, compares the derivative in a
            random direction with a finite difference, and raises `GradientError` where they differ.
        record: whether functions whose adjoint cannot be written down are recorded; if not, they are refused.
        training: whether `dropout` and `batchnorm` train inside a gradient; if not, they evaluate there as well, as for
            the gradient of a finished model by its input.

    Raises `ArgumentError` for an unknown option, or a value that is not a bool.

    >>> with config(record=False):
    ...     options().record
    False
    >>> options().record
    True
    """
    names = [f.name for f in dataclasses.fields(Options)]
    for name, value in changes.items():
        if name not in names:
            message = f"config has no option `{name}`"
            raise ArgumentError(
                "KN305", message, help=f"the options are {', '.join(f'`{n}`' for n in names)}"
            )
        if not isinstance(value, bool):
            message = f"`{name}` is {value!r}, which is neither True nor False"
            raise ArgumentError("KN305", message, help=f"write `knetc.config({name}=True)`")
    former = options()
    _options.set(dataclasses.replace(former, **changes))
    return Setting(former)
