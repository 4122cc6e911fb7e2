import numpy as np


def f(x):
    a, b = p = x, x * x
    return np.sum(p[1] * a * b)

# output

chained_assignment_to_a_tuple.py:5:5: KN101 knetc cannot differentiate a chained assignment to a tuple: `a` depends on `x`
  5 |     a, b = p = x, x * x
    |     ^^^^^^^^^^^^^^^^^^^
help: write one assignment for each target
more: knetc explain KN101
