import numpy as np

def f(x, limit):
    y = np.sin(x) * (2 * x if x < limit else limit * limit)
    return y + 1

args = 0.7, 1.3

# output

import numpy as np


def f_grad(x, limit):
    """Gradient of f (ternary_inside_an_expression.py:3) with respect to x and limit."""
    value = np.sin(x)
    if x < limit:
        value_2 = 2 * x
    else:
        value_2 = limit * limit
    # backward
    if x < limit:  # ternary_inside_an_expression.py:4  y = np.sin(x) * (2 * x if x < limit else limit * limit)
        x_bar = 2 * value
        limit_bar = 0.0
    else:
        limit_bar = 2 * value * limit
        x_bar = 0.0
    x_bar += value_2 * np.cos(x)
    return x_bar, limit_bar
