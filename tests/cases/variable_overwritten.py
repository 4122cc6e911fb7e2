import numpy as np

def f(x):
    x = np.sin(x)
    x = x * x
    x = np.exp(x)
    return np.sum(x)

args = (np.ones(3),)

# output

import numpy as np


def f_grad(x):
    """Gradient of f (variable_overwritten.py:3) with respect to x."""
    x_2 = np.sin(x)
    x_3 = x_2 * x_2
    x_4 = np.exp(x_3)
    # backward
    x_bar = 2 * x_4 * x_2  # variable_overwritten.py:5  x = x * x
    x_bar = x_bar * np.cos(x)  # variable_overwritten.py:4  x = np.sin(x)
    return x_bar
