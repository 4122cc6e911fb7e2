import numpy as np

def f(x, limit):
    total = 0.0
    for v in x:
        total = total + v * v
        if total > limit:
            break
    return np.sqrt(total)

args = (np.array([0.3, 0.5, 0.7]), 0.3)
wrt = ('x',)

# output

import numpy as np


def f_grad(x, limit):
    """Gradient of f (loop_with_a_break.py:3) with respect to x."""
    total = 0.0
    steps = []
    for v in x:
        total = total + v * v
        if total > limit:
            steps.append(v)
            break
        steps.append(v)
    sqrt_out = np.sqrt(total)
    # backward
    total_bar = 0.5 / sqrt_out  # loop_with_a_break.py:9  return np.sqrt(total)
    x_bar = np.zeros_like(x)  # loop_with_a_break.py:5  for v in x:
    for k, v in zip(reversed(range(len(steps))), reversed(steps)):
        v_bar = 2 * total_bar * v  # loop_with_a_break.py:6  total = total + v * v
        x_bar[k] += v_bar  # loop_with_a_break.py:5  for v in x:
    return x_bar
