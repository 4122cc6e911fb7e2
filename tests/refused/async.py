import numpy as np


async def f(x):
    return np.sum(x)

# output

async.py:4:1: KN101 knetc cannot differentiate `async`
  4 | async def f(x):
    | ^^^^^^^^^^^^^^^
help: differentiate an ordinary function and await around it
more: knetc explain KN101
