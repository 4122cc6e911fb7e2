import numpy as np


def f(x):
    y = list(x)
    return y[0] * y[0]

# output

list_of_an_array.py:5:9: KN101 knetc cannot differentiate `list(...)`: `x` is differentiated
  5 |     y = list(x)
    |         ^^^^^^^
help: write a `for` loop that appends to a list
more: knetc explain KN101
