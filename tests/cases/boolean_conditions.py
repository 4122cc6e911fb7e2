def f(x, y):
    if x > 0 and not y > 2 or x == y:
        return x * y
    return x - y

args = (0.7, 1.3)

# output

def f_grad(x, y):
    """Gradient of f (boolean_conditions.py:1) with respect to x and y."""
    if x > 0 and not y > 2 or x == y:  # boolean_conditions.py:2  if x > 0 and not y > 2 or x == y:
        x_bar = y  # boolean_conditions.py:3  return x * y
        y_bar = x
    else:
        x_bar = 1.0  # boolean_conditions.py:4  return x - y
        y_bar = -1.0
    return x_bar, y_bar
