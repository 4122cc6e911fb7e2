import numpy as np

def f(x, flag):
    scale = x * x if flag else np.sin(x)
    return scale * x

args = (0.7, True)

# output

import numpy as np


def f_grad(x, flag):
    """Gradient of f (ternary.py:3) with respect to x."""
    if flag:
        scale = x * x
    else:
        scale = np.sin(x)
    # backward
    x_bar = scale  # ternary.py:5  return scale * x
    if flag:  # ternary.py:4  scale = x * x if flag else np.sin(x)
        x_bar += 2 * x * x
    else:
        x_bar += x * np.cos(x)
    return x_bar
