import numpy as np

def f(params, x):
    (w1, b1), (w2, b2) = params
    h = np.tanh(x @ w1 + b1)
    return np.sum(h @ w2 + b2)

args = ((np.ones((2, 3)), np.ones(3)), (np.ones((3, 2)), np.ones(2))), np.ones((4, 2))

# output

import numpy as np
from knetc.runtime.broadcast import unbroadcast


def f_grad(params, x):
    """Gradient of f (tuple_of_parameters.py:3) with respect to params and x."""
    (w1, b1), (w2, b2) = params
    h = np.tanh(x @ w1 + b1)
    total_2 = h @ w2 + b2
    # backward
    total_2_bar = np.ones_like(total_2)  # tuple_of_parameters.py:6  return np.sum(h @ w2 + b2)
    b2_bar = unbroadcast(total_2_bar, b2.shape)
    h_bar = total_2_bar @ w2.T
    w2_bar = h.T @ total_2_bar
    total_bar = h_bar * (1 - h * h)  # tuple_of_parameters.py:5  h = np.tanh(x @ w1 + b1)
    b1_bar = unbroadcast(total_bar, b1.shape)
    x_bar = total_bar @ w1.T
    w1_bar = x.T @ total_bar
    return ((w1_bar, b1_bar), (w2_bar, b2_bar)), x_bar
