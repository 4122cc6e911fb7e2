import numpy as np


def f(x):
    y = sorted([x[0], x[1]])
    return y[0] * y[0]

# output

sorted.py:5:9: KN101 knetc cannot differentiate `sorted`, which has no rule: `x` is differentiated
  5 |     y = sorted([x[0], x[1]])
    |         ^^^^^^^^^^^^^^^^^^^^
help: write `np.sort(...)` of an array
more: knetc explain KN101
