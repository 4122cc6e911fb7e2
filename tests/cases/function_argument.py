import numpy as np

def f(x, act):
    return np.sum(act(x) * x)

args = np.ones(3), np.sin

# output

import numpy as np


def f_grad(x, act):
    """Gradient of f (function_argument.py:3) with respect to x."""
    act_out = np.sin(x)
    # backward
    x_bar = act_out + x * np.cos(x)  # function_argument.py:4  return np.sum(act(x) * x)
    return x_bar
