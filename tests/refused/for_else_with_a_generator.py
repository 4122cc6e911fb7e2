import numpy as np


def f(x):
    for v in (t * t for t in x):
        if v > 10.0:
            break
    else:
        v = v * 2.0
    return v

# output

for_else_with_a_generator.py:5:14: KN101 knetc cannot differentiate a generator expression: `x` is differentiated
  5 |     for v in (t * t for t in x):
    |              ^^^^^^^^^^^^^^^^^^
help: write a `for` loop
more: knetc explain KN101
