from dataclasses import dataclass

import numpy as np


@dataclass
class P:
    x: object


def f(x):
    p = P(x=x)
    return np.sum(p.x * p.x)

# output

dataclass_construction.py:12:9: KN101 knetc cannot differentiate an object constructed here: `x` is differentiated
  12 |     p = P(x=x)
     |         ^^^^^^
help: construct it outside and pass it as an argument
more: knetc explain KN101
