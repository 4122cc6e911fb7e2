import numpy as np


class Box:
    def __init__(self, w):
        self.w = w


def f(x):
    boxes = [Box(x)]
    return np.sum(boxes[0].w)

# output

object_construction.py:10:14: KN101 knetc cannot differentiate an object constructed here: `x` is differentiated
  10 |     boxes = [Box(x)]
     |              ^^^^^^
help: construct it outside and pass it as an argument
more: knetc explain KN101
