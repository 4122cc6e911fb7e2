import numpy as np

def f(x, y):
    z = x > 0.5 and x * y or y * y
    return z * (x or 1.0)

args = 0.7, 0.4

# output

def f_grad(x, y):
    """Gradient of f (and_or_as_values.py:3) with respect to x and y."""
    value_2 = x > 0.5
    if value_2:
        value = x * y
    else:
        value = value_2
    if value:
        z = value
    else:
        z = y * y
    if x:
        value_3 = x
    else:
        value_3 = 1.0
    # backward
    if x:  # and_or_as_values.py:5  return z * (x or 1.0)
        x_bar = z
    else:
        x_bar = 0.0
    if value:  # and_or_as_values.py:4  z = x > 0.5 and x * y or y * y
        value_bar = value_3
        y_bar = 0.0
    else:
        y_bar = 2 * value_3 * y
        value_bar = 0.0
    if value_2:
        x_bar += value_bar * y
        y_bar += value_bar * x
    return x_bar, y_bar
