"""What is said and saved when a loss or a gradient is not finite: the operation, and the batch."""

from __future__ import annotations

import math
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knetc.backends import array_module, is_device_array
from knetc.errors import NonFiniteError
from knetc.runtime import rng
from knetc.runtime.atomic import replacing
from knetc.runtime.rows import Rows
from knetc.train.looking import Origin
from knetc.train.optimiser import Move
from knetc.train.origin import origin_of_gradient, origin_of_value


@dataclass(frozen=True)
class Attempt:
    """One batch on its way through the loss: everything that is needed to run it again."""

    loss: Callable[..., Any]
    arguments: tuple[Any, ...]
    where: str
    """The step and the number of the batch, in words."""
    random: dict[str, Any]
    save_to: str | os.PathLike[str] | None

    def checked(self, value: Any, found: list[Move]) -> float:
        """The loss as a number, brought back from a device once, if it and its gradient are finite.

        Raises `NonFiniteError`: KN501 for a loss, KN504 for a gradient with nan or infinity in it.
        """
        flag = _flag(found)
        on_device = is_device_array(flag)
        number = float(value + flag) if on_device else float(value)
        if math.isfinite(number) and (on_device or math.isfinite(flag)):
            return number
        number = float(value)
        if not math.isfinite(number):
            raise self._error("KN501", f"the loss became {number} at {self.where}", origin_of_value)
        for path, _, g in found:
            if not is_finite(g):
                what = f"the gradient of `{path or 'the parameters'}` is not finite at {self.where}, though the loss is"
                raise self._error("KN504", what, origin_of_gradient)
        return number

    def _error(self, code: str, what: str, origin: Callable[..., Origin | None]) -> NonFiniteError:
        now = rng.state()
        rng.restore(self.random)  # dropout draws the same mask again
        try:
            found = origin(self.loss, self.arguments)
        finally:
            rng.restore(now)
        told = f"{what}: {found.what}" if found else what
        place = found.place if found else None
        spoilt = any(not is_finite(a) for _, a in _arrays(self.arguments[1:], "") if a.dtype.kind in "fc")
        cure = "clean the data" if spoilt else "lower `lr`, set clip_norm=1.0, or guard the operation"
        help_ = f"the parameters are those of the step before, and {self._saved()}; {cure}"
        return NonFiniteError(code, told, help=help_, place=place)

    def _saved(self) -> str:
        """Save the batch, and say where."""
        random_name = f"knetc-bad-batch-{secrets.token_hex(4)}.npz"
        path = Path(self.save_to or Path(tempfile.gettempdir()) / random_name)
        arrays = dict(_arrays(self.arguments[1:], ""))
        if not arrays:
            return "the batch holds no numbers"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                np.savez(file, **arrays)
        except OSError as error:
            return f"the batch could not be saved as `{path}` ({error.strerror or error})"
        return f"the batch is in `{path}`"


def is_finite(g: Any) -> bool:
    """Whether all elements of a gradient are finite.

    >>> is_finite(np.ones(3)), is_finite(np.array([np.inf, -np.inf])), is_finite(np.full(3, 6e4, np.float16))
    (True, False, True)
    """
    return bool(np.isfinite(_values(g)).all())


def _flag(found: list[Move]) -> Any:
    """0 if all gradients are finite; something else than a number if not, or if their sum is too large."""
    with np.errstate(all="ignore"):
        return sum(abs(0 * _values(move.g).sum()) for move in found)


def _values(g: Any) -> Any:
    return g.summed()[1] if isinstance(g, Rows) else g


def _arrays(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The arrays, numbers and strings in a batch, by their paths: "0", "1.mask"."""
    if isinstance(value, dict):
        pairs: Any = value.items()
    elif isinstance(value, (list, tuple)) and not _is_plain(value):
        pairs = enumerate(value)
    else:
        module = array_module(value)
        array = np.asarray(value) if module is np else module.asnumpy(value)
        if array.dtype.kind in "biufcUS":  # anything else would be pickled
            yield path, array
        return
    for key, part in pairs:
        yield from _arrays(part, f"{path}.{key}" if path else str(key))


def _is_plain(value: Any) -> bool:
    """Whether a list is one of numbers or strings, to be saved as an array."""
    return isinstance(value, list) and all(isinstance(part, (bool, int, float, str)) for part in value)
