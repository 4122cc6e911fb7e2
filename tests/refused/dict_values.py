import numpy as np


def f(x):
    d = {'a': x, 'b': x * x}
    s = 0.0
    for v in d.values():
        s = s + np.sum(v)
    return s

# output

dict_values.py:7:14: KN101 knetc cannot differentiate the method `.values` of a dict: `d` depends on `x`
  7 |     for v in d.values():
    |              ^^^^^^^^^^
help: write `for key in d:` and `d[key]`
more: knetc explain KN101
