import numpy as np


def f(x):
    y = x[0] and (lambda t: t * x)(x[1])
    return np.sum(y)

# output

and_with_a_lambda_inside.py:5:19: KN101 knetc cannot differentiate a lambda that captures an active value: `x` is differentiated
  5 |     y = x[0] and (lambda t: t * x)(x[1])
    |                   ^^^^^^^^^^^^^^^
help: pass the value as an argument
more: knetc explain KN101
