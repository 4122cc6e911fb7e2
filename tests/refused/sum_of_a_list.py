import numpy as np


def f(x):
    return sum([v * v for v in x])

# output

sum_of_a_list.py:5:12: KN101 knetc cannot differentiate `sum`, which has no rule: `x` is differentiated
  5 |     return sum([v * v for v in x])
    |            ^^^^^^^^^^^^^^^^^^^^^^^
help: add in a `for` loop, or write `np.sum(...)` of an array
more: knetc explain KN101
