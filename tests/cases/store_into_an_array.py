import numpy as np

def f(x):
    y = np.zeros(3)
    y[0] = x[0] * x[1]
    y[1] = y[0] * x[2]
    return np.sum(y * y)

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def f_grad(x):
    """Gradient of f (store_into_an_array.py:3) with respect to x."""
    y = np.zeros(3)
    x_0 = x[0]
    x_1 = x[1]
    y[0] = x_0 * x_1
    y_0 = y[0]
    x_2 = x[2]
    y[1] = y_0 * x_2
    # backward
    y_bar = 2.0 * y  # store_into_an_array.py:7  return np.sum(y * y)
    g = y_bar[1]  # store_into_an_array.py:6  y[1] = y[0] * x[2]
    y_bar[1] = 0.0
    x_bar = np.zeros_like(x)
    x_bar[2] += g * y_0
    y_bar[0] += g * x_2
    g_2 = y_bar[0]  # store_into_an_array.py:5  y[0] = x[0] * x[1]
    x_bar[1] += g_2 * x_0
    x_bar[0] += g_2 * x_1
    return x_bar
