import numpy as np


def f(u, xs):
    for t in xs:
        return np.sum(u) * t
    for t in xs:
        u = u
    return 1.0
