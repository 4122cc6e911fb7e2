import numpy as np

def f(u, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] = 0.5 * u[1:-1] ** 2 + 0.25 * (u[:-2] + u[2:])
    return np.sum(u * u)

args = (np.array([0.3, 0.5, 0.7, 0.9]), 3)

# output

import numpy as np


def f_grad(u, steps):
    """Gradient of f (stencil_in_place.py:3) with respect to u."""
    u = u.copy()
    steps_2 = []
    for _ in range(steps):
        u_part = np.copy(u[1:-1])
        u[1:-1] = 0.5 * u_part**2 + 0.25 * (u[:-2] + u[2:])
        steps_2.append(u_part)
    # backward
    u_bar = 2.0 * u  # stencil_in_place.py:7  return np.sum(u * u)
    for u_part in reversed(steps_2):  # stencil_in_place.py:5  for _ in range(steps):
        g = np.copy(u_bar[1:-1])  # stencil_in_place.py:6  u[1:-1] = 0.5 * u[1:-1] ** 2 + 0.25 * (u[:-2] + u[2:])
        u_bar[1:-1] = 0.0
        total_bar = 0.25 * g
        u_bar[2:] += total_bar
        u_bar[:-2] += total_bar
        u_bar[1:-1] += g * u_part
    return u_bar
