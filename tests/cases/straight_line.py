import numpy as np

def f(w, b, x, y):
    h = np.tanh(x @ w + b)
    return np.mean((h - y) ** 2)

args = np.ones((3, 2)), np.ones(2), np.ones((4, 3)), np.ones((4, 2))
wrt = "w", "b"

# output

from knetc.runtime.broadcast import unbroadcast


def f_grad(w, b, x, y):
    """Gradient of f (straight_line.py:3) with respect to w and b."""
    h = np.tanh(x @ w + b)
    diff = h - y
    # backward
    total_bar = 2.0 / diff.size * diff * (1 - h * h)  # straight_line.py:4  h = np.tanh(x @ w + b)
    b_bar = unbroadcast(total_bar, b.shape)
    w_bar = x.T @ total_bar
    return w_bar, b_bar
