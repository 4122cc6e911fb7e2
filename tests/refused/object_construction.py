import numpy as np


class P:
    def __init__(self, x):
        self.x = x


def f(x):
    p = P(x)
    return np.sum(p.x * p.x)

# output

object_construction.py:10:9: KN101 knetc cannot differentiate an object constructed here: `x` is differentiated
  10 |     p = P(x)
     |         ^^^^
help: construct it outside and pass it as an argument
more: knetc explain KN101
