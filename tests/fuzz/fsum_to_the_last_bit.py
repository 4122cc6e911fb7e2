import math


def f(v, xs):
    xs[1:1] = v
    xs[1:1] = v * 1e-9
    return math.fsum(xs)
