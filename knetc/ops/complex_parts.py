"""Rules of the parts of complex numbers.

The cotangent of a complex `z = x + iy` is `dL/dx - i dL/dy`, as in JAX and HIPS autograd: so the rules of holomorphic
functions are those of real ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from knetc.ops.registry import linear, methods, rule

Array = Any

linear(np.real, lambda g, val: g)
linear(np.imag, lambda g, val: -1j * g if np.iscomplexobj(val) else 0 * g)
rule(np.conjugate, x=lambda g, y, x: np.conj(g))
rule(np.angle, z=lambda g, y, z: -1j * g / z if np.iscomplexobj(z) else 0 * g)
methods(conj=np.conjugate, conjugate=np.conjugate)
