import numpy as np


def f(m):
    m = m * 1.0
    w = m
    w[1] = 0.5
    return np.sum(m * m)
