import numpy as np


def f(x):
    with np.errstate(all='ignore'):
        y = np.sqrt(x)
    return np.sum(y)

# output

with.py:5:5: KN101 knetc cannot differentiate `with`: `x` is differentiated
  5 |     with np.errstate(all='ignore'):
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: move the differentiated code out of the `with` block
more: knetc explain KN101
