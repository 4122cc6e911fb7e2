import numpy as np

def f(w, xs):
    return sum(np.tanh(w @ x) @ x for x in xs)

args = np.ones((2, 2)), [np.ones(2), np.ones(2)]

# output

import numpy as np
from knetc.ops.reduce import share_among_terms
from knetc.runtime.accumulate import add_item, filled


def f_grad(w, xs):
    """Gradient of f (generator_in_a_sum.py:3) with respect to w and xs."""
    items = []
    steps = []
    for x in xs:
        tanh_out = np.tanh(w @ x)
        items.append(tanh_out @ x)
        steps.append((x, tanh_out))
    # backward
    items_bar = share_among_terms(1.0, items)  # generator_in_a_sum.py:4  return sum(np.tanh(w @ x) @ x for x in xs)
    w_bar = np.zeros_like(w)
    xs_bar = [None] * len(xs)
    for k, (x, tanh_out) in zip(reversed(range(len(steps))), reversed(steps)):
        dot_2_bar = filled(items_bar.pop(), 0.0)
        x_bar = dot_2_bar * tanh_out
        dot_bar = dot_2_bar * x * (1 - tanh_out * tanh_out)
        w_bar += np.outer(dot_bar, x)
        x_bar += w.T @ dot_bar
        add_item(xs_bar, k, x_bar)
    return w_bar, xs_bar
