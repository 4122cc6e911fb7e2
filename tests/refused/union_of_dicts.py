import numpy as np


def f(x):
    d = {'a': x} | {'b': x * x}
    return np.sum(d['b'])

# output

union_of_dicts.py:5:9: KN101 knetc cannot differentiate an operator without rule: `x` is differentiated
  5 |     d = {'a': x} | {'b': x * x}
    |         ^^^^^^^^^^^^^^^^^^^^^^^
help: use a function that has a rule
more: knetc explain KN101
