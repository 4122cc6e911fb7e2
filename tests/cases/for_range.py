def f(x, n):
    y = 1.0
    for i in range(n):
        y = y * x + i
    return y

args = 1.5, 4

# output

def f_grad(x, n):
    """Gradient of f (for_range.py:1) with respect to x."""
    y = 1.0
    steps = []
    for i in range(n):
        y_prev = y
        y = y * x + i
        steps.append(y_prev)
    # backward
    y_bar = 1.0  # for_range.py:5  return y
    x_bar = 0.0  # for_range.py:3  for i in range(n):
    for y_prev in reversed(steps):
        prod_bar = y_bar  # for_range.py:4  y = y * x + i
        y_bar = prod_bar * x
        x_bar += prod_bar * y_prev
    return x_bar
