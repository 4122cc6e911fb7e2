import numpy as np


def f(x):
    d = {'a': x, 'b': x * x}
    del d['a']
    return np.sum(d['b'])

# output

del_of_an_item.py:6:5: KN101 knetc cannot differentiate `del`: `d` depends on `x`
  6 |     del d['a']
    |     ^^^^^^^^^^
help: drop the `del`
more: knetc explain KN101
