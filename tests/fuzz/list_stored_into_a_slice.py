import numpy as np


def f(a, v):
    v = v * 1.0
    v[:] = [1, a, 0.5]
    return np.sum(v * v)
