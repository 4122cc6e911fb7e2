import numpy as np


def f(m):
    m = m * 1.0
    for row in m:
        row[0] = 1.0
    return np.sum(m * m)
