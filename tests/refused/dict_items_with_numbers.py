import numpy as np


def f(x):
    d = {"a": x[0], "b": x[1]}
    total = 0.0
    for i, (name, v) in enumerate(d.items()):
        total = total + i * v
    return total

# output

dict_items_with_numbers.py:7:35: KN101 knetc cannot differentiate the method `.items` of a dict: `d` depends on `x`
  7 |     for i, (name, v) in enumerate(d.items()):
    |                                   ^^^^^^^^^
help: write `for key in d:` and `d[key]`
more: knetc explain KN101
