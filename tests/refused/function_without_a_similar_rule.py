import numpy as np


def f(x):
    y = np.nextafter(x, 2.0)
    return np.sum(y)

# output

function_without_a_similar_rule.py:5:9: KN101 knetc cannot differentiate `np.nextafter`, which has no rule: `x` is differentiated
  5 |     y = np.nextafter(x, 2.0)
    |         ^^^^^^^^^^^^^^^^^^^^
help: write it out with functions that have a rule
more: knetc explain KN101
