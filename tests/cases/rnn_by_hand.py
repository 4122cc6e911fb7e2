import numpy as np

def f(w, u, xs):
    h = np.zeros(2)
    for x in xs:
        h = np.tanh(w @ h + u @ x)
    return h @ h

args = (np.array([[0.3, 0.5], [0.1, 0.2]]), np.array([[0.7, 0.1], [0.4, 0.6]]), np.array([[0.1, 0.2], [0.3, 0.4]]))
wrt = ('w', 'u')

# output

import numpy as np


def f_grad(w, u, xs):
    """Gradient of f (rnn_by_hand.py:3) with respect to w and u."""
    h = np.zeros(2)
    steps = []
    for x in xs:
        h_prev = h
        h = np.tanh(w @ h + u @ x)
        steps.append((x, h_prev, h))
    # backward
    h_bar = 2.0 * h  # rnn_by_hand.py:7  return h @ h
    u_bar = np.zeros_like(u)  # rnn_by_hand.py:5  for x in xs:
    w_bar = np.zeros_like(w)
    for x, h_prev, h in reversed(steps):
        total_bar = h_bar * (1 - h * h)  # rnn_by_hand.py:6  h = np.tanh(w @ h + u @ x)
        u_bar += np.outer(total_bar, x)
        w_bar += np.outer(total_bar, h_prev)
        h_bar = w.T @ total_bar
    return w_bar, u_bar
