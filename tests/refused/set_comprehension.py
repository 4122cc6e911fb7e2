import numpy as np


def f(x):
    ys = {v * v for v in x}
    return max(ys)

# output

set_comprehension.py:5:10: KN101 knetc cannot differentiate a comprehension: `x` is differentiated
  5 |     ys = {v * v for v in x}
    |          ^^^^^^^^^^^^^^^^^^
help: write a `for` loop that appends to a list
more: knetc explain KN101
