import numpy as np


def f(x):
    y = np.zeros(3)
    np.copyto(y, x * x)
    return np.sum(y)

# output

copyto.py:6:5: KN101 knetc cannot differentiate a call that changes its arguments: `x` is differentiated
  6 |     np.copyto(y, x * x)
    |     ^^^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
