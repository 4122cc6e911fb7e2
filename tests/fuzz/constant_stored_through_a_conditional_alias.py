import numpy as np


def f(a, m):
    w = m * 1.0
    u, t = (w if a < 9 else m), a
    u[1] = 1.0
    return np.sum(w * w) * t
