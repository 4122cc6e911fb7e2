import numpy as np


def f(x):
    d = {'a': x}
    return np.sum(d.get('a', 0.0) ** 2)

# output

dict_get.py:6:19: KN101 knetc cannot differentiate the method `.get` of a dict: `d` depends on `x`
  6 |     return np.sum(d.get('a', 0.0) ** 2)
    |                   ^^^^^^^^^^^^^^^
help: write `d[key]`
more: knetc explain KN101
