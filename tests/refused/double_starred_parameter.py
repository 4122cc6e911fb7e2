import numpy as np


def f(x, **options):
    return np.sum(x)

# output

double_starred_parameter.py:4:1: KN101 knetc cannot differentiate `**kwargs`
  4 | def f(x, **options):
    | ^^^^^^^^^^^^^^^^^^^^
help: name the parameters
more: knetc explain KN101
