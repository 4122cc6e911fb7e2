import numpy as np

def f(x):
    best = x[0]
    for v in x:
        if v > best:
            best = v
    return best * best

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np


def f_grad(x):
    """Gradient of f (running_maximum.py:3) with respect to x."""
    best = x[0]
    steps = []
    for v in x:
        best_prev = best
        if v > best:
            best = v
        steps.append((v, best_prev))
    # backward
    best_bar = 2.0 * best  # running_maximum.py:8  return best * best
    x_bar = np.zeros_like(x)  # running_maximum.py:5  for v in x:
    for k, (v, best_prev) in zip(reversed(range(len(steps))), reversed(steps)):
        if v > best_prev:  # running_maximum.py:6  if v > best:
            v_bar = best_bar  # running_maximum.py:7  best = v
            best_bar = 0.0  # running_maximum.py:6  if v > best:
        else:
            v_bar = 0.0
        x_bar[k] += v_bar  # running_maximum.py:5  for v in x:
    x_bar[0] += best_bar  # running_maximum.py:4  best = x[0]
    return x_bar
