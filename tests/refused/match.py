import numpy as np


def f(x, kind='a'):
    match kind:
        case 'a':
            y = x * x
        case _:
            y = x
    return np.sum(y)

# output

match.py:5:5: KN101 knetc cannot differentiate `match`: `x` is differentiated
  5 |     match kind:
    |     ^^^^^^^^^^^
help: write `if`/`elif` instead
more: knetc explain KN101
