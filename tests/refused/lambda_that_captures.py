import numpy as np


def f(x):
    g = lambda t: t * x
    return np.sum(g(2.0))

# output

lambda_that_captures.py:5:9: KN101 knetc cannot differentiate a lambda that captures an active value: `x` is differentiated
  5 |     g = lambda t: t * x
    |         ^^^^^^^^^^^^^^^
help: pass the value as an argument
more: knetc explain KN101
