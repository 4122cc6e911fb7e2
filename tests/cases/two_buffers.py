import numpy as np

def f(a, steps):
    b = np.zeros_like(a)
    for _ in range(steps):
        b[1:-1] = 0.33 * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = 0.33 * (b[:-2] + b[1:-1] + b[2:])
    return np.sum(a * b)

args = (np.array([0.3, 0.5, 0.7, 0.9]), 2)

# output

import numpy as np


def f_grad(a, steps):
    """Gradient of f (two_buffers.py:3) with respect to a."""
    b = np.zeros_like(a)
    for _ in range(steps):
        b[1:-1] = 0.33 * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = 0.33 * (b[:-2] + b[1:-1] + b[2:])
    # backward
    a_bar = b  # two_buffers.py:8  return np.sum(a * b)
    b_bar = a
    a_bar = np.copy(a_bar)  # two_buffers.py:5  for _ in range(steps):
    b_bar = np.copy(b_bar)
    for _ in range(steps):
        g = np.copy(a_bar[1:-1])  # two_buffers.py:7  a[1:-1] = 0.33 * (b[:-2] + b[1:-1] + b[2:])
        a_bar[1:-1] = 0.0
        total_4_bar = 0.33 * g
        b_bar[2:] += total_4_bar
        b_bar[1:-1] += total_4_bar
        b_bar[:-2] += total_4_bar
        g_2 = np.copy(b_bar[1:-1])  # two_buffers.py:6  b[1:-1] = 0.33 * (a[:-2] + a[1:-1] + a[2:])
        b_bar[1:-1] = 0.0
        total_2_bar = 0.33 * g_2
        a_bar[2:] += total_2_bar
        a_bar[1:-1] += total_2_bar
        a_bar[:-2] += total_2_bar
    return a_bar
