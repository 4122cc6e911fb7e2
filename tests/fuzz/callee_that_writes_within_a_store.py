import numpy as np


def h(k, p):
    p[0] = p[1] * 2
    return k


def f(v):
    w = np.zeros(3)
    w[0] = h(*(0.5, v))
    return np.sum(v * v)
