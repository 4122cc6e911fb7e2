import numpy as np


def f(x):
    ys = []
    for i in range(3):
        ys.append(x[i] * x[i])
    return ys[0] + ys[2]

# output

list_append.py:7:9: KN101 knetc cannot differentiate a call that changes its arguments: `x` is differentiated
  7 |         ys.append(x[i] * x[i])
    |         ^^^^^^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
