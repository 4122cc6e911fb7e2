import numpy as np


def f(x):
    ys = [np.tanh(v) for v in x]
    return ys[0] * ys[1]

# output

comprehension.py:5:10: KN101 knetc cannot differentiate a comprehension: `x` is differentiated
  5 |     ys = [np.tanh(v) for v in x]
    |          ^^^^^^^^^^^^^^^^^^^^^^^
help: write a `for` loop that builds a list with `xs = xs + [x]`
more: knetc explain KN101
