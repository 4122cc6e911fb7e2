import numpy as np


def f(x):
    ys = [x[0]]
    ys.extend([x[1], x[2]])
    return ys[1] * ys[0]

# output

list_extend.py:6:5: KN101 knetc cannot differentiate a call that changes its arguments: `x` is differentiated
  6 |     ys.extend([x[1], x[2]])
    |     ^^^^^^^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
