import numpy as np


def f(x):
    y = np.zeros(3)
    y[0] = x[0] * x[1]
    return np.sum(y)

# output

item_assignment_into_an_array.py:6:5: KN101 knetc cannot differentiate an assignment into `y[0]`: `x` is differentiated
  6 |     y[0] = x[0] * x[1]
    |     ^^^^^^^^^^^^^^^^^^
help: make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists
more: knetc explain KN101
