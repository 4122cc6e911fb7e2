import numpy as np

def f(x):
    if np.sum(x) > 0:
        y = np.exp(-x)
    else:
        y = x * x
    return np.sum(y)

args = (np.ones(3),)

# output

def f_grad(x):
    """Gradient of f (if_else.py:3) with respect to x."""
    branch = np.sum(x) > 0
    if branch:
        y = np.exp(-x)
    else:
        y = x * x
    # backward
    if branch:  # if_else.py:4  if np.sum(x) > 0:
        x_bar = -y  # if_else.py:5  y = np.exp(-x)
    else:
        x_bar = 2.0 * x  # if_else.py:7  y = x * x
    return x_bar
