def f(a):
    x = a
    while abs(x * x - a) > 1e-9:
        x = 0.5 * (x + a / x)
    return x

args = (2.0,)

# output

def f_grad(a):
    """Gradient of f (newton_iteration.py:1) with respect to a."""
    x = a
    steps = []
    while abs(x * x - a) > 1e-09:
        x_prev = x
        ratio = a / x
        x = 0.5 * (x + ratio)
        steps.append((x_prev, ratio))
    # backward
    x_bar = 1.0  # newton_iteration.py:5  return x
    a_bar = 0.0  # newton_iteration.py:4  x = 0.5 * (x + a / x)
    for x_prev, ratio in reversed(steps):  # newton_iteration.py:3  while abs(x * x - a) > 1e-9:
        total_bar = 0.5 * x_bar  # newton_iteration.py:4  x = 0.5 * (x + a / x)
        x_bar = total_bar
        a_bar += total_bar / x_prev
        x_bar -= total_bar * ratio / x_prev
    a_bar += x_bar  # newton_iteration.py:2  x = a
    return a_bar
