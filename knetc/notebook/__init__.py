"""knetc in notebooks: `%load_ext knetc` brings the cell magic `%%grad`."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(ipython: Any) -> None:
    """What `%load_ext knetc` calls with the running shell: registers `%%grad [NAME] [--wrt NAMES] [--at NAMES]`.

    The magic runs its cell, shows the last function that is defined in it (or the one called NAME) beside its
    gradient, and binds the gradient to NAME_grad.

    >>> class Shell:
    ...     def register_magic_function(self, function, magic_kind, magic_name):
    ...         print(magic_kind, magic_name)
    >>> load_ipython_extension(Shell())
    cell grad
    """
    from knetc.notebook.magic import register

    register(ipython)
