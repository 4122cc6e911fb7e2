import numpy as np


def f(x):
    d = {'a': x, 'b': x * x}
    s = 0.0
    for k, v in d.items():
        s = s + np.sum(v)
    return s

# output

dict_items.py:7:17: KN101 knetc cannot differentiate the method `.items` of a dict: `d` depends on `x`
  7 |     for k, v in d.items():
    |                 ^^^^^^^^^
help: write `for key in d:` and `d[key]`
more: knetc explain KN101
