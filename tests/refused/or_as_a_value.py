import numpy as np


def f(x):
    y = np.sum(x) or 1.0
    return y * y

# output

or_as_a_value.py:5:9: KN101 knetc cannot differentiate `and`/`or` as a value: `x` is differentiated
  5 |     y = np.sum(x) or 1.0
    |         ^^^^^^^^^^^^^^^^
help: write an `if` statement
more: knetc explain KN101
