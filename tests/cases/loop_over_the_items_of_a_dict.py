import numpy as np

def f(p, x):
    total = np.sum(p["w"] * x)
    for name, w in p.items():
        if name != "b":
            total += np.sum(w * w)
    return total

args = {"w": np.ones(2), "b": np.ones(2)}, np.ones(2)

# output

import numpy as np
from knetc.runtime.accumulate import add_item
from knetc.runtime.mirror import zero


def f_grad(p, x):
    """Gradient of f (loop_over_the_items_of_a_dict.py:3) with respect to p and x."""
    w_2 = p["w"]
    steps = []
    for name in p:
        w = p[name]
        steps.append((name, w))
    # backward
    p_bar = zero(p)  # loop_over_the_items_of_a_dict.py:5  for name, w in p.items():
    for name, w in reversed(steps):
        if name != "b":  # loop_over_the_items_of_a_dict.py:6  if name != "b":
            w_bar = 2.0 * w  # loop_over_the_items_of_a_dict.py:7  total += np.sum(w * w)
        else:
            w_bar = np.zeros_like(w)
        add_item(p_bar, name, w_bar)  # loop_over_the_items_of_a_dict.py:5  for name, w in p.items():
    add_item(p_bar, "w", x)  # loop_over_the_items_of_a_dict.py:4  total = np.sum(p["w"] * x)
    return p_bar, w_2
