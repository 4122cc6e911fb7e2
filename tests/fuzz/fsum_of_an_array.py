import math


def f(v):
    return math.fsum(v) / math.fsum(v * v)
