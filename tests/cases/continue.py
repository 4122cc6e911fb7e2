def f(xs):
    s = 0.0
    for x in xs:
        if x < 0:
            continue
        s = s + x * x
    return s

args = ([1.0, -2.0, 3.0],)

# output

from knetc.runtime.accumulate import add_item


def f_grad(xs):
    """Gradient of f (continue.py:1) with respect to xs."""
    steps = []
    for x in xs:
        steps.append(x)
    # backward
    xs_bar = [None] * len(xs)  # continue.py:3  for x in xs:
    for k, x in zip(reversed(range(len(steps))), reversed(steps)):
        if not x < 0:  # continue.py:4  if x < 0:
            x_bar = 2.0 * x  # continue.py:6  s = s + x * x
        else:
            x_bar = 0.0
        add_item(xs_bar, k, x_bar)  # continue.py:3  for x in xs:
    return xs_bar
