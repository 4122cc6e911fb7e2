import numpy as np

def f(x, n):
    s = 0.0
    for i in range(1, n, 2):
        s += np.sum(x) * i
    return s

args = np.ones(3), 4

# output

import numpy as np


def f_grad(x, n):
    """Gradient of f (for_range_nothing_recorded.py:3) with respect to x."""
    x_bar = np.zeros_like(x)  # for_range_nothing_recorded.py:5  for i in range(1, n, 2):
    for i in reversed(range(1, n, 2)):
        x_bar += np.full_like(x, i)  # for_range_nothing_recorded.py:6  s += np.sum(x) * i
    return x_bar
