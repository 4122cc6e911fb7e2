import numpy as np


def f(x):
    y = np.zeros(3)
    np.multiply(x, x, out=y)
    return np.sum(y)

# output

out_argument.py:6:5: KN101 knetc cannot differentiate a call that changes its arguments: `x` is differentiated
  6 |     np.multiply(x, x, out=y)
    |     ^^^^^^^^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
