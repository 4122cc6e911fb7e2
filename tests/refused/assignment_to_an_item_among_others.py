import numpy as np


def f(x):
    y = np.zeros(3)
    y[0], z = x[0], x[1]
    return y[0] * z

# output

assignment_to_an_item_among_others.py:6:5: KN101 knetc cannot differentiate an assignment into `(y[0], z)`: `x` is differentiated
  6 |     y[0], z = x[0], x[1]
    |     ^^^^^^^^^^^^^^^^^^^^
help: name every element: `a, b = pair`
more: knetc explain KN101
