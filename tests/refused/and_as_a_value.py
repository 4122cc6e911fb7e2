import numpy as np


def f(x):
    y = x[0] and x[1]
    return y * y

# output

and_as_a_value.py:5:9: KN101 knetc cannot differentiate `and`/`or` as a value: `x` is differentiated
  5 |     y = x[0] and x[1]
    |         ^^^^^^^^^^^^^
help: write an `if` statement
more: knetc explain KN101
