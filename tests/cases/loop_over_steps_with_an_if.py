import numpy as np

def f(w, xs):
    h = np.zeros_like(w)
    for x in xs:
        if x > 0:
            h = np.tanh(w * x + h)
        else:
            h = 0.5 * h
    return np.sum(h * h)

args = (np.array([0.3, 0.5]), [0.4, -0.2, 0.7])

# output

import numpy as np
from knetc.runtime.accumulate import add_item


def f_grad(w, xs):
    """Gradient of f (loop_over_steps_with_an_if.py:3) with respect to w and xs."""
    h = np.zeros_like(w)
    steps = []
    for x in xs:
        if x > 0:
            h = np.tanh(w * x + h)
        else:
            h = 0.5 * h
        steps.append((x, h))
    # backward
    h_bar = 2.0 * h  # loop_over_steps_with_an_if.py:10  return np.sum(h * h)
    w_bar = np.zeros_like(w)  # loop_over_steps_with_an_if.py:5  for x in xs:
    xs_bar = [None] * len(xs)
    for k, (x, h) in zip(reversed(range(len(steps))), reversed(steps)):
        if x > 0:  # loop_over_steps_with_an_if.py:6  if x > 0:
            total_bar = h_bar * (1 - h * h)  # loop_over_steps_with_an_if.py:7  h = np.tanh(w * x + h)
            h_bar = total_bar
            w_bar += total_bar * x
            x_bar = np.sum(total_bar * w)
        else:
            h_bar = 0.5 * h_bar  # loop_over_steps_with_an_if.py:9  h = 0.5 * h
            x_bar = 0.0  # loop_over_steps_with_an_if.py:6  if x > 0:
        add_item(xs_bar, k, x_bar)  # loop_over_steps_with_an_if.py:5  for x in xs:
    return w_bar, xs_bar
