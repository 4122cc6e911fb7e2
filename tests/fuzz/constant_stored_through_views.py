import numpy as np


def f(a, m):
    m = m * 1.0
    w = m[0]
    w[1] = 0.5
    x = m.T
    x[2] = 0.25
    y = np.asarray(m)
    if a < 9:
        y[1, 0] = 1.0
    return np.sum(m * m)
