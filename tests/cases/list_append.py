import numpy as np

def f(x):
    hs = []
    for v in x:
        hs.append(np.tanh(v))
    return sum(hs) * hs[-1]

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np
from knetc.ops.reduce import share_among_terms
from knetc.runtime.accumulate import accumulate, add_item, filled


def f_grad(x):
    """Gradient of f (list_append.py:3) with respect to x."""
    hs = []
    steps = []
    for v in x:
        tanh_out = np.tanh(v)
        hs.append(tanh_out)
        steps.append(tanh_out)
    sum_out = sum(hs)
    hs_part = hs[-1]
    # backward
    hs_bar = [None] * len(hs)  # list_append.py:7  return sum(hs) * hs[-1]
    add_item(hs_bar, -1, sum_out)
    hs_bar = accumulate(hs_bar, share_among_terms(hs_part, hs))
    x_bar = np.zeros_like(x)  # list_append.py:5  for v in x:
    for k, tanh_out in zip(reversed(range(len(steps))), reversed(steps)):
        v_bar = filled(hs_bar.pop(), 0.0) * (1 - tanh_out * tanh_out)  # list_append.py:6  hs.append(np.tanh(v))
        x_bar[k] += v_bar  # list_append.py:5  for v in x:
    return x_bar
