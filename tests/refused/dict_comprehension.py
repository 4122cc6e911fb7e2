import numpy as np


def f(x):
    d = {i: x[i] * x[i] for i in range(3)}
    return d[0]

# output

dict_comprehension.py:5:9: KN101 knetc cannot differentiate a comprehension: `x` is differentiated
  5 |     d = {i: x[i] * x[i] for i in range(3)}
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: write a `for` loop that appends to a list
more: knetc explain KN101
