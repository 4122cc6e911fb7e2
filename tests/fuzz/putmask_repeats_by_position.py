import numpy as np


def f(v, m):
    np.putmask(v, v > 0.1, m)
    return np.sum(v)
