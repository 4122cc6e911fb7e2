import numpy as np


def f(x):
    y = x * x
    y[0] = 0.0
    return np.sum(y)

# output

item_assignment_into_an_active_array.py:6:5: KN101 knetc cannot differentiate an assignment into `y[0]`: `y` depends on `x`
  6 |     y[0] = 0.0
    |     ^^^^^^^^^^
help: make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists
more: knetc explain KN101
