import numpy as np


def g(a, b):
    return np.sum(a * b)


def f(x):
    pair = (x, x)
    return g(*pair)

# output

starred_argument.py:10:12: KN101 knetc cannot differentiate a starred argument: `pair` depends on `x`
  10 |     return g(*pair)
     |            ^^^^^^^^
help: pass the arguments one by one
more: knetc explain KN101
