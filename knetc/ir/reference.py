"""How generated code names a function that the user's code does not: by the module that it is imported from."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from knetc.ir.nodes import Runtime
from knetc.ops import container


def reference(function: Any) -> Runtime:
    """The name of a function of numpy, of knetc, or of a rule of the user's own, which may be defined anywhere.

    >>> reference(np.linalg.inv)
    Runtime(name='np.linalg.inv', module='numpy', held=None)
    """
    if function is container.length:
        return Runtime("len", "builtins")
    module = getattr(function, "__module__", None) or "numpy"
    if isinstance(function, np.ufunc) or module.split(".")[0] == "numpy":
        inner = f"{module.split('.')[1]}." if module.startswith(("numpy.linalg", "numpy.fft")) else ""
        return Runtime(f"np.{inner}{function.__name__}", "numpy")
    name = function.__name__
    importable = getattr(sys.modules.get(module), name, None) is function
    return Runtime(name, module, None if importable else function)
