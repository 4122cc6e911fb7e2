import numpy as np


def f(x):
    y = x * x
    return np.sum(locals()['y'])

# output

locals.py:6:19: KN101 knetc cannot differentiate `locals`
  6 |     return np.sum(locals()['y'])
    |                   ^^^^^^
help: name the variables in the code
more: knetc explain KN101
