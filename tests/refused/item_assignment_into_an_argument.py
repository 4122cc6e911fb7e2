import numpy as np


def f(x):
    x[0] = 0.0
    return np.sum(x * x)

# output

item_assignment_into_an_argument.py:5:5: KN101 knetc cannot differentiate an assignment into `x[0]`: `x` is differentiated
  5 |     x[0] = 0.0
    |     ^^^^^^^^^^
help: make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists
more: knetc explain KN101
