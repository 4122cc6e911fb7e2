import numpy as np

def f(A):
    A = A.copy()
    n = len(A)
    for i in range(n):
        for j in range(i, n - 1):
            A[j + 1, i] /= A[i, i]
            A[j + 1, i + 1 :] -= A[j + 1, i] * A[i, i + 1 :]
    return np.sum(A * A)

args = (np.array([[2.0, 0.4], [0.3, 1.5]]),)

# output

import numpy as np
from knetc.runtime.broadcast import unbroadcast_like


def f_grad(A):
    """Gradient of f (lu_in_place.py:3) with respect to A."""
    A = A.copy()
    n = len(A)
    steps = []
    for i in range(n):
        steps_2 = []
        for j in range(i, n - 1):
            A_ii = A[i, i]
            ratio = A[j + 1, i] / A_ii
            A[j + 1, i] = ratio
            A_part_2 = A[j + 1, i]
            A_part_3 = np.copy(A[i, i + 1 :])
            prod = A_part_2 * A_part_3
            A[j + 1, i + 1 :] -= prod
            steps_2.append((A_ii, ratio, A_part_2, A_part_3, prod))
        steps.append(steps_2)
    # backward
    A_bar = 2.0 * A  # lu_in_place.py:10  return np.sum(A * A)
    for i, steps_2 in zip(reversed(range(n)), reversed(steps)):  # lu_in_place.py:6  for i in range(n):
        for j, (A_ii, ratio, A_part_2, A_part_3, prod) in zip(reversed(range(i, n - 1)), reversed(steps_2)):  # lu_in_place.py:7  for j in range(i, n - 1):
            prod_bar = -unbroadcast_like(A_bar[j + 1, i + 1 :], prod)  # lu_in_place.py:9  A[j + 1, i + 1 :] -= A[j + 1, i] * A[i, i + 1 :]
            A_bar[i, i + 1 :] += prod_bar * A_part_2
            A_bar[j + 1, i] += np.sum(prod_bar * A_part_3)
            g = A_bar[j + 1, i]  # lu_in_place.py:8  A[j + 1, i] /= A[i, i]
            A_bar[j + 1, i] = 0.0
            A_bar[i, i] -= g * ratio / A_ii
            A_bar[j + 1, i] += g / A_ii
    return A_bar
