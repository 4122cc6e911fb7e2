import numpy as np


def f(x):
    found = any((y := v * v) > 1.0 for v in x)
    return y * found

# output

any_of_a_generator_with_a_walrus.py:5:5: KN101 knetc cannot differentiate an assignment expression: `found` depends on `x`
  5 |     found = any((y := v * v) > 1.0 for v in x)
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
help: assign in a statement of its own
more: knetc explain KN101
