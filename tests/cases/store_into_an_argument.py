import numpy as np

def f(x):
    x[0] = 0.0
    x[1] *= x[2]
    return np.sum(x * x)

args = (np.array([0.3, 0.5, 0.7]),)

# output

def f_grad(x):
    """Gradient of f (store_into_an_argument.py:3) with respect to x."""
    x[0] = 0.0
    x_1 = x[1]
    x_2 = x[2]
    x[1] = x_1 * x_2
    # backward
    x_bar = 2.0 * x  # store_into_an_argument.py:6  return np.sum(x * x)
    g = x_bar[1]  # store_into_an_argument.py:5  x[1] *= x[2]
    x_bar[1] = 0.0
    x_bar[2] += g * x_1
    x_bar[1] += g * x_2
    x_bar[0] = 0.0  # store_into_an_argument.py:4  x[0] = 0.0
    return x_bar
