import numpy as np

def f(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * v

    for v in x:
        add(v)
    return total

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def add_forward(v, *, total):
    """Forward sweep of add (nonlocal_counter.py:6); returns the value and the residuals."""
    total += v * v
    return total, v


def add_backward(residuals, add_bar):
    """Adjoint of add (nonlocal_counter.py:6); returns the cotangents of v and total."""
    v = residuals
    v_bar = 2 * add_bar * v  # nonlocal_counter.py:8  total += v * v
    return v_bar, add_bar


def f_grad(x):
    """Gradient of f (nonlocal_counter.py:3) with respect to x."""
    total = 0.0
    steps = []
    for v in x:
        total, total_saved = add_forward(v, total=total)
        steps.append(total_saved)
    # backward
    total_bar = 1.0  # nonlocal_counter.py:12  return total
    x_bar = np.zeros_like(x)  # nonlocal_counter.py:10  for v in x:
    for k, total_saved in zip(reversed(range(len(steps))), reversed(steps)):
        v_bar, total_bar = add_backward(total_saved, total_bar)  # nonlocal_counter.py:11  add(v)
        x_bar[k] += v_bar  # nonlocal_counter.py:10  for v in x:
    return x_bar
