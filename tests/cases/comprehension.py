import numpy as np

def f(x):
    return sum(v * v for v in [np.sin(t) for t in x if t > 0.4])

args = (np.array([0.3, 0.5, 0.7]),)

# output

import numpy as np
from knetc.ops.reduce import share_among_terms
from knetc.runtime.accumulate import add_item, filled


def f_grad(x):
    """Gradient of f (comprehension.py:3) with respect to x."""
    items = []
    items_2 = []
    steps_2 = []
    for t in x:
        if t > 0.4:
            items_2.append(np.sin(t))
        steps_2.append(t)
    steps = []
    for v in items_2:
        items.append(v * v)
        steps.append(v)
    # backward
    items_bar = share_among_terms(1.0, items)  # comprehension.py:4  return sum(v * v for v in [np.sin(t) for t in x if t > 0.4])
    items_2_bar = [None] * len(items_2)
    for k, v in zip(reversed(range(len(steps))), reversed(steps)):
        v_bar = 2 * filled(items_bar.pop(), 0.0) * v
        add_item(items_2_bar, k, v_bar)
    x_bar = np.zeros_like(x)
    for k_2, t in zip(reversed(range(len(steps_2))), reversed(steps_2)):
        if t > 0.4:
            t_bar = filled(items_2_bar.pop(), 0.0) * np.cos(t)
        else:
            t_bar = 0.0
        x_bar[k_2] += t_bar
    return x_bar
