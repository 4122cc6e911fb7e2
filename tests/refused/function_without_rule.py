import numpy as np


def f(x):
    return np.nancumsum(x)[2]

# output

function_without_rule.py:5:12: KN101 knetc cannot differentiate `np.nancumsum`, which has no rule: `x` is differentiated
  5 |     return np.nancumsum(x)[2]
    |            ^^^^^^^^^^^^^^^
help: near it, with a rule: `np.cumsum`
more: knetc explain KN101
