import numpy as np

def f(x):
    while (y := 0.7 * x) > 0.1:
        x = y * y
    return x * y

args = (0.9,)

# output

def f_grad(x):
    """Gradient of f (walrus_in_a_while.py:3) with respect to x."""
    steps = []
    while True:
        y = 0.7 * x
        if not y > 0.1:
            steps.append(y)
            break
        else:
            x = y * y
        steps.append(y)
    # backward
    x_bar = y  # walrus_in_a_while.py:6  return x * y
    y_bar = x
    for y in reversed(steps):  # walrus_in_a_while.py:4  while (y := 0.7 * x) > 0.1:
        if y > 0.1:
            y_bar += 2 * x_bar * y  # walrus_in_a_while.py:5  x = y * y
            x_bar = 0.0  # walrus_in_a_while.py:4  while (y := 0.7 * x) > 0.1:
        x_bar += 0.7 * y_bar
        y_bar = 0.0
    return x_bar
