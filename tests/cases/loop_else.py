import numpy as np

def f(x):
    for v in x:
        if v > 1.0:
            break
    else:
        v = v * 2.0
    return v * v

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def f_grad(x):
    """Gradient of f (loop_else.py:3) with respect to x."""
    complete = True
    steps = []
    for v in x:
        if v > 1.0:
            complete = False
            steps.append(None)
            break
        steps.append(None)
    if complete:
        v = v * 2.0
    # backward
    v_bar = 2.0 * v  # loop_else.py:9  return v * v
    if complete:  # loop_else.py:4  for v in x:
        v_bar = 2.0 * v_bar  # loop_else.py:8  v = v * 2.0
    x_bar = np.zeros_like(x)
    for k in reversed(range(len(steps))):
        x_bar[k] += v_bar
        v_bar = 0.0
    return x_bar
