import numpy as np

def f(w, u, xs, h):
    for x in xs:
        h = np.tanh(w @ h + u @ x)
    return np.sum(h)

args = np.ones((2, 2)), np.ones((2, 3)), [np.ones(3), np.ones(3)], np.ones(2)

# output

import numpy as np
from knetc.runtime.accumulate import add_item


def f_grad(w, u, xs, h):
    """Gradient of f (rnn_over_list.py:3) with respect to w, u, xs and h."""
    steps = []
    for x in xs:
        h_prev = h
        h = np.tanh(w @ h + u @ x)
        steps.append((x, h_prev, h))
    # backward
    h_bar = np.ones_like(h)  # rnn_over_list.py:6  return np.sum(h)
    u_bar = np.zeros_like(u)  # rnn_over_list.py:4  for x in xs:
    w_bar = np.zeros_like(w)
    xs_bar = [None] * len(xs)
    for k, (x, h_prev, h) in zip(reversed(range(len(steps))), reversed(steps)):
        total_bar = h_bar * (1 - h * h)  # rnn_over_list.py:5  h = np.tanh(w @ h + u @ x)
        u_bar += np.outer(total_bar, x)
        x_bar = u.T @ total_bar
        w_bar += np.outer(total_bar, h_prev)
        h_bar = w.T @ total_bar
        add_item(xs_bar, k, x_bar)  # rnn_over_list.py:4  for x in xs:
    return w_bar, u_bar, xs_bar, h_bar
