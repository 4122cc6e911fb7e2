import numpy as np


def f(x):
    d = {}
    d['a'] = x * x
    return np.sum(d['a'])

# output

item_assignment_into_a_dict.py:6:5: KN101 knetc cannot differentiate an assignment into an item: `a` depends on `x`
  6 |     d['a'] = x * x
    |     ^^^^^^^^^^^^^^
help: make a new value: `np.where` or `np.stack` for arrays, `xs + [x]` for lists
more: knetc explain KN101
