import numpy as np


def apply(g, t):
    return g(t)


def f(x):
    return np.sum(apply(lambda t: t * x, 2.0))

# output

lambda_that_captures_as_an_argument.py:9:25: KN101 knetc cannot differentiate a lambda that captures an active value: `x` is differentiated
  9 |     return np.sum(apply(lambda t: t * x, 2.0))
    |                         ^^^^^^^^^^^^^^^
help: pass the value as an argument
more: knetc explain KN101
