import numpy as np


def f(x):
    y = x * x
    z = y[1:]
    z[0] = 0.0
    return np.sum(y)

# output

item_assignment_into_a_view.py:7:5: KN101 knetc cannot differentiate an assignment into an item: `y` depends on `x`
  7 |     z[0] = 0.0
    |     ^^^^^^^^^^
help: make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists
more: knetc explain KN101
