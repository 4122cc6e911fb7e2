import numpy as np

def f(x):
    if x < 0:
        return -x
    y = x * x
    if y > 10:
        return np.log(y)
    return y

args = (1.5,)

# output

def f_grad(x):
    """Gradient of f (early_return.py:3) with respect to x."""
    if not x < 0:
        y = x * x
    # backward
    if x < 0:  # early_return.py:4  if x < 0:
        x_bar = -1.0  # early_return.py:5  return -x
    else:
        if y > 10:  # early_return.py:7  if y > 10:
            y_bar = 1.0 / y  # early_return.py:8  return np.log(y)
        else:
            y_bar = 1.0  # early_return.py:9  return y
        x_bar = 2 * y_bar * x  # early_return.py:6  y = x * x
    return x_bar
