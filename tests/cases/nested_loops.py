import numpy as np

def f(a, n):
    s = 0.0
    for i in range(n):
        row = 0.0
        for j in range(i + 1):
            row = row + a[i, j] * a[j, i]
        s = s + np.sin(row)
    return s

args = np.ones((3, 3)), 3

# output

import numpy as np


def f_grad(a, n):
    """Gradient of f (nested_loops.py:3) with respect to a."""
    steps = []
    for i in range(n):
        row = 0.0
        steps_2 = []
        for j in range(i + 1):
            a_ij = a[i, j]
            a_ji = a[j, i]
            row = row + a_ij * a_ji
            steps_2.append((a_ij, a_ji))
        steps.append((row, steps_2))
    # backward
    a_bar = np.zeros_like(a)  # nested_loops.py:5  for i in range(n):
    for i, (row, steps_2) in zip(reversed(range(n)), reversed(steps)):
        row_bar = np.cos(row)  # nested_loops.py:9  s = s + np.sin(row)
        for j, (a_ij, a_ji) in zip(reversed(range(i + 1)), reversed(steps_2)):  # nested_loops.py:7  for j in range(i + 1):
            a_bar[j, i] += row_bar * a_ij  # nested_loops.py:8  row = row + a[i, j] * a[j, i]
            a_bar[i, j] += row_bar * a_ji
    return a_bar
