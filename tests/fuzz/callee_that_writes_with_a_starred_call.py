import numpy as np


def h(k, p):
    np.add.at(p, [0, 0], 2.0 * p[1])
    return k


def f(v):
    w = h(*(0.5, v))
    return np.sum(v * v) * w
