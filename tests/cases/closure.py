import numpy as np

def f(x):
    def scaled(y):
        return x * y

    return np.sum(scaled(scaled(x)))

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def scaled_forward(y, *, x):
    """Forward sweep of scaled (closure.py:4); returns the value and the residuals."""
    return x * y, (y, x)


def scaled_backward(residuals, scaled_bar):
    """Adjoint of scaled (closure.py:4); returns the cotangents of y and x."""
    y, x = residuals
    x_bar = scaled_bar * y  # closure.py:5  return x * y
    y_bar = scaled_bar * x
    return y_bar, x_bar


def f_grad(x):
    """Gradient of f (closure.py:3) with respect to x."""
    scaled_out, scaled_out_saved = scaled_forward(x, x=x)
    scaled_out_2, scaled_out_2_saved = scaled_forward(scaled_out, x=x)
    # backward
    scaled_out_bar, x_bar = scaled_backward(scaled_out_2_saved, np.ones_like(scaled_out_2))  # closure.py:7  return np.sum(scaled(scaled(x)))
    x_bar_part, x_bar_part_2 = scaled_backward(scaled_out_saved, scaled_out_bar)
    x_bar = x_bar + x_bar_part
    x_bar += x_bar_part_2
    return x_bar
