import numpy as np


def f(x):
    d = {}
    y = d.setdefault('a', x * x)
    return np.sum(y)

# output

dict_setdefault.py:6:5: KN101 knetc cannot differentiate a change in place inside an expression: `d` depends on `x`
  6 |     y = d.setdefault('a', x * x)
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: make a new value, without `out=`, and bind it to a name of its own
more: knetc explain KN101
