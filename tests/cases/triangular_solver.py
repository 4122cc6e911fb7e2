import numpy as np

def f(L, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return np.sum(x)

args = (np.array([[2.0, 0.0], [0.3, 1.5]]), np.array([0.7, 0.4]))

# output

import numpy as np


def f_grad(L, b):
    """Gradient of f (triangular_solver.py:3) with respect to L and b."""
    x = np.zeros_like(b)
    steps = []
    for i in range(len(b)):
        L_part = L[i, :i]
        x_part = x[:i]
        x_part_prev = np.copy(x_part)
        L_ii = L[i, i]
        ratio = (b[i] - L_part @ x_part) / L_ii
        x[i] = ratio
        steps.append((L_part, x_part_prev, L_ii, ratio))
    # backward
    x_bar = np.ones_like(x)  # triangular_solver.py:7  return np.sum(x)
    L_bar = np.zeros_like(L)  # triangular_solver.py:5  for i in range(len(b)):
    b_bar = np.zeros_like(b)
    for i, (L_part, x_part_prev, L_ii, ratio) in zip(reversed(range(len(b))), reversed(steps)):
        g = x_bar[i]  # triangular_solver.py:6  x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
        x_bar[i] = 0.0
        diff_bar = g / L_ii
        L_bar[i, i] -= g * ratio / L_ii
        dot_bar = -diff_bar
        x_bar[:i] += dot_bar * L_part
        L_bar[i, :i] += dot_bar * x_part_prev
        b_bar[i] += diff_bar
    return L_bar, b_bar
