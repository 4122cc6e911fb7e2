import numpy as np


def f(x):
    try:
        return np.sum(x * x)
    finally:
        pass

# output

return_out_of_try.py:6:9: KN101 knetc cannot differentiate a jump out of `try`
  6 |         return np.sum(x * x)
    |         ^^^^^^^^^^^^^^^^^^^^
help: assign in the block, and leave behind it
more: knetc explain KN101
