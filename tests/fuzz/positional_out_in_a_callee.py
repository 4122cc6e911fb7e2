import numpy as np


def h(k, p):
    np.multiply(p, k, p)
    return k


def f(a, v):
    t = h(k=a, p=v)
    return np.sum(v * v) * t
