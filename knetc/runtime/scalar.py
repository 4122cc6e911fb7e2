"""Only a scalar has a gradient: the check in front of a backward sweep that starts with 1."""

from __future__ import annotations

from typing import Any

from knetc.errors import ShapeError


def check_scalar(value: Any, name: str = "f") -> None:
    """Raise `ShapeError` (KN301) if the result `value` of the function `name` is not a scalar.

    >>> check_scalar(2.5)
    """
    shape = getattr(value, "shape", () if isinstance(value, int | float) else None)
    if shape == ():
        return
    what = f"an array of shape {shape}" if shape is not None else f"a {type(value).__name__}"
    raise ShapeError(
        "KN301",
        f"`grad` needs a scalar, but the result of `{name}` is {what}",
        help="return `np.sum(...)` or `np.mean(...)`, or use `knetc.vjp` with a cotangent of that shape",
    )
