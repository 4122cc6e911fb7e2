import numpy as np


def f(a, v):
    np.copyto(v, a, where=v > 0.1)
    return np.sum(v * v)
