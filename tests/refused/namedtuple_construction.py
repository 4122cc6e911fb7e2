from collections import namedtuple

import numpy as np


P = namedtuple('P', 'a b')


def f(x):
    p = P(x, x)
    return np.sum(p.a * p.b)

# output

namedtuple_construction.py:10:9: KN101 knetc cannot differentiate an object constructed here: `x` is differentiated
  10 |     p = P(x, x)
     |         ^^^^^^^
help: construct it outside and pass it as an argument
more: knetc explain KN101
