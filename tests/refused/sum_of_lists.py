import numpy as np


def f(x):
    rows = [[x[0], x[1]], [x[2]]]
    return sum(rows, [])[2] * x[0]

# output

sum_of_lists.py:6:12: KN101 knetc cannot differentiate `sum` of anything but numbers and arrays
  6 |     return sum(rows, [])[2] * x[0]
    |            ^^^^^^^^^^^^^
help: add in a `for` loop
more: knetc explain KN101
