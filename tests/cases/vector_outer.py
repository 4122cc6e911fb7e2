import numpy as np

def f(w, x):
    h = np.tanh(w @ x)
    return np.sum(h * h)

args = np.ones((3, 2)), np.ones(2)

# output

import numpy as np


def f_grad(w, x):
    """Gradient of f (vector_outer.py:3) with respect to w and x."""
    h = np.tanh(w @ x)
    # backward
    h_bar = 2.0 * h  # vector_outer.py:5  return np.sum(h * h)
    dot_bar = h_bar * (1 - h * h)  # vector_outer.py:4  h = np.tanh(w @ x)
    w_bar = np.outer(dot_bar, x)
    x_bar = w.T @ dot_bar
    return w_bar, x_bar
