import numpy as np


def f(x):
    d = {i: x[i] * x[i] for i in range(3)}
    return d[0]

# output

dict_comprehension.py:5:9: KN101 knetc cannot differentiate a comprehension: `x` is differentiated
  5 |     d = {i: x[i] * x[i] for i in range(3)}
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: write a `for` loop that builds a list with `xs = xs + [x]`
more: knetc explain KN101
