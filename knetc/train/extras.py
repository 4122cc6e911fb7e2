"""Packages that a part of knetc needs and that are not installed with it: imported when that part is used."""

from __future__ import annotations

import importlib
from typing import Any

from knetc.errors import PackageError


def imported(module: str, extra: str) -> Any:
    """The module, which comes with `pip install 'knetc[extra]'`. Raises `PackageError` (KN426).

    >>> imported("math", "none").pi > 3
    True
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise PackageError(
            "KN426",
            f"this needs the package `{package}`, which cannot be imported: {error}",
            help=f"pip install 'knetc[{extra}]'",
        ) from error
