def f(x):
    if (y := x * x) > 0.1:
        return y * x
    return y

args = (0.7,)

# output

def f_grad(x):
    """Gradient of f (walrus.py:1) with respect to x."""
    y = x * x
    # backward
    if y > 0.1:  # walrus.py:2  if (y := x * x) > 0.1:
        y_bar = x  # walrus.py:3  return y * x
        x_bar = y
    else:
        y_bar = 1.0  # walrus.py:4  return y
        x_bar = 0.0  # walrus.py:2  if (y := x * x) > 0.1:
    x_bar += 2 * y_bar * x
    return x_bar
