import numpy as np

def f(w, h, n):
    for _ in range(n):
        if np.sum(h) > 0:
            h = np.tanh(w * h)
        else:
            h = h + w
    return np.sum(h)

args = np.ones(3), np.ones(3), 4

# output

import numpy as np


def f_grad(w, h, n):
    """Gradient of f (for_if.py:3) with respect to w and h."""
    steps = []
    for _ in range(n):
        h_prev = h
        branch = np.sum(h) > 0
        if branch:
            h = np.tanh(w * h)
        else:
            h = h + w
        steps.append((h_prev, branch, h))
    # backward
    h_bar = np.ones_like(h)  # for_if.py:9  return np.sum(h)
    w_bar = np.zeros_like(w)  # for_if.py:4  for _ in range(n):
    for h_prev, branch, h in reversed(steps):
        if branch:  # for_if.py:5  if np.sum(h) > 0:
            prod_bar = h_bar * (1 - h * h)  # for_if.py:6  h = np.tanh(w * h)
            w_bar += prod_bar * h_prev
            h_bar = prod_bar * w
        else:
            w_bar += h_bar  # for_if.py:8  h = h + w
    return w_bar, h_bar
