import numpy as np


def g(a, b=1.0):
    return np.sum(a * b)


def f(x):
    o = {'b': x}
    return g(x, **o)

# output

double_starred_argument.py:10:12: KN101 knetc cannot differentiate a starred argument: `o` depends on `x`
  10 |     return g(x, **o)
     |            ^^^^^^^^^
help: pass the arguments one by one
more: knetc explain KN101
