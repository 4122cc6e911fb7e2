import numpy as np


def f(x):
    d = {}
    d.update(a=x * x)
    return np.sum(d['a'])

# output

dict_update.py:6:5: KN101 knetc cannot differentiate a call that changes its arguments: `d` depends on `x`
  6 |     d.update(a=x * x)
    |     ^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
