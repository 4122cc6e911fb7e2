import functools

import numpy as np


def g(a, b):
    return np.sum(a * b)


def f(x):
    h = functools.partial(g, x)
    return h(2.0)

# output

partial_function.py:11:9: KN101 knetc cannot differentiate an object constructed here: `x` is differentiated
  11 |     h = functools.partial(g, x)
     |         ^^^^^^^^^^^^^^^^^^^^^^^
help: construct it outside and pass it as an argument
more: knetc explain KN101
