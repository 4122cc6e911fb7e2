import numpy as np

def f(x, y):
    a = x * y
    return np.sum(a * np.sin(a))

args = np.ones(3), np.ones(3)

# output

import numpy as np


def f_grad(x, y):
    """Gradient of f (value_used_twice.py:3) with respect to x and y."""
    a = x * y
    sin_out = np.sin(a)
    # backward
    a_bar = sin_out + a * np.cos(a)  # value_used_twice.py:5  return np.sum(a * np.sin(a))
    x_bar = a_bar * y  # value_used_twice.py:4  a = x * y
    y_bar = a_bar * x
    return x_bar, y_bar
