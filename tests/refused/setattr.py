from types import SimpleNamespace

import numpy as np


def f(x, box):
    setattr(box, 'y', x * x)
    return np.sum(box.y)


arguments = (np.array([1.0, 2.0, 3.0]), SimpleNamespace(y=0.0))

# output

setattr.py:7:5: KN101 knetc cannot differentiate a call that changes its arguments: `box` depends on `x`
  7 |     setattr(box, 'y', x * x)
    |     ^^^^^^^^^^^^^^^^^^^^^^^^
help: make a new value: `xs = xs + [x]`, `y = np.where(...)`
more: knetc explain KN101
