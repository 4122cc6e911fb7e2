import numpy as np

def f(x, verbose):
    """A docstring."""
    n = len(x)
    if verbose:
        print(f"{n} numbers, the first is {x[0]:.2f}")
    with np.errstate(over="ignore"):
        limit = np.float64(n) ** 2
    names = {i: str(i) for i in range(n)}
    y = x * limit
    assert y.shape == x.shape, names
    return np.sum(y)

args = np.ones(3), False

# output

import numpy as np
from knetc.runtime.broadcast import unbroadcast


def f_grad(x, verbose):
    """Gradient of f (inactive_code.py:3) with respect to x."""
    n = len(x)
    if verbose:
        print(f"{n} numbers, the first is {x[0]:.2f}")
    with np.errstate(over="ignore"):
        limit = np.float64(n) ** 2
    names = {i: str(i) for i in range(n)}
    y = x * limit
    assert y.shape == x.shape, names
    # backward
    y_bar = np.ones_like(y)  # inactive_code.py:13  return np.sum(y)
    x_bar = unbroadcast(y_bar * limit, x.shape)  # inactive_code.py:11  y = x * limit
    return x_bar
