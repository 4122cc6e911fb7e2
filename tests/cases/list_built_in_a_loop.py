import numpy as np

def f(w, x, n):
    hs = []
    for _ in range(n):
        x = np.tanh(w @ x)
        hs = hs + [x]
    return np.sum(np.stack(hs))

args = np.ones((2, 2)), np.ones(2), 3

# output

import numpy as np
from knetc.ops.assemble import unstack
from knetc.runtime.accumulate import filled


def f_grad(w, x, n):
    """Gradient of f (list_built_in_a_loop.py:3) with respect to w and x."""
    hs = []
    steps = []
    for _ in range(n):
        x_prev = x
        x = np.tanh(w @ x)
        hs_prev = hs
        hs = hs + [x]
        steps.append((x_prev, x, hs_prev))
    stack_out = np.stack(hs)
    # backward
    hs_bar = unstack(np.ones_like(stack_out), hs, 0)  # list_built_in_a_loop.py:8  return np.sum(np.stack(hs))
    w_bar = np.zeros_like(w)  # list_built_in_a_loop.py:5  for _ in range(n):
    x_bar = np.zeros_like(x)
    for x_prev, x, hs_prev in reversed(steps):
        parts_bar = hs_bar[len(hs_prev) :]  # list_built_in_a_loop.py:7  hs = hs + [x]
        hs_bar = hs_bar[: len(hs_prev)]
        x_bar += filled(parts_bar[0], x)
        dot_bar = x_bar * (1 - x * x)  # list_built_in_a_loop.py:6  x = np.tanh(w @ x)
        w_bar += np.outer(dot_bar, x_prev)
        x_bar = w.T @ dot_bar
    return w_bar, x_bar
