import numpy as np


def f(x):
    with np.errstate(all='ignore'):
        return np.sum(np.sqrt(x))

# output

return_out_of_with.py:6:9: KN101 knetc cannot differentiate a jump out of `with`
  6 |         return np.sum(np.sqrt(x))
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^
help: assign in the block, and leave behind it
more: knetc explain KN101
