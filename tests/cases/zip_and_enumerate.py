import numpy as np

def f(xs, ys):
    s = 0.0
    for i, (x, y) in enumerate(zip(xs, ys)):
        s = s + i * np.sum(x * y)
    return s

args = [np.ones(3), np.ones(3)], [np.ones(3), np.ones(3)]

# output

from knetc.runtime.accumulate import add_item


def f_grad(xs, ys):
    """Gradient of f (zip_and_enumerate.py:3) with respect to xs and ys."""
    steps = []
    for i, (x, y) in enumerate(zip(xs, ys)):
        steps.append((i, x, y))
    # backward
    xs_bar = [None] * len(xs)  # zip_and_enumerate.py:5  for i, (x, y) in enumerate(zip(xs, ys)):
    ys_bar = [None] * len(ys)
    for k, (i, x, y) in zip(reversed(range(len(steps))), reversed(steps)):
        x_bar = i * y  # zip_and_enumerate.py:6  s = s + i * np.sum(x * y)
        y_bar = i * x
        add_item(xs_bar, k, x_bar)  # zip_and_enumerate.py:5  for i, (x, y) in enumerate(zip(xs, ys)):
        add_item(ys_bar, k, y_bar)
    return xs_bar, ys_bar
