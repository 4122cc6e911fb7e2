import numpy as np


def f(x):
    y = x.tolist()
    return y[0] * y[0]

# output

method_without_rule.py:5:9: KN101 knetc cannot differentiate the method `.tolist` of an array, which has no rule: `x` is differentiated
  5 |     y = x.tolist()
    |         ^^^^^^^^^^
help: leave it an array
more: knetc explain KN101
