import numpy as np

def f(x):
    y = x * x
    y[0] += x[1]
    y[1:] -= 2.0 * x[:-1]
    return np.sum(y * y)

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def f_grad(x):
    """Gradient of f (add_into_an_item.py:3) with respect to x."""
    y = x * x
    y[0] += x[1]
    y[1:] -= 2.0 * x[:-1]
    # backward
    y_bar = 2.0 * y  # add_into_an_item.py:7  return np.sum(y * y)
    x_bar = np.zeros_like(x)  # add_into_an_item.py:6  y[1:] -= 2.0 * x[:-1]
    x_bar[:-1] -= 2.0 * y_bar[1:]
    x_bar[1] += y_bar[0]  # add_into_an_item.py:5  y[0] += x[1]
    x_bar += 2 * y_bar * x  # add_into_an_item.py:4  y = x * x
    return x_bar
