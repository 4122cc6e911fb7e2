import numpy as np


def f(x):
    pair = ("twice", 2.0)
    match pair:
        case ("twice", factor):
            y = x * factor
        case _:
            y = x
    return np.sum(y)

# output

match_of_a_sequence.py:6:5: KN101 knetc cannot differentiate `match`: `factor` depends on `x`
  6 |     match pair:
    |     ^^^^^^^^^^^
help: write `if`/`elif` instead
more: knetc explain KN101
