def f(x):
    y = x
    while y < 10:
        y = y * x
        if y > 7:
            break
    return y

args = (1.3,)

# output

def f_grad(x):
    """Gradient of f (while_break.py:1) with respect to x."""
    y = x
    steps = []
    while y < 10:
        y_prev = y
        y = y * x
        if y > 7:
            steps.append(y_prev)
            break
        steps.append(y_prev)
    # backward
    y_bar = 1.0  # while_break.py:7  return y
    x_bar = 0.0  # while_break.py:4  y = y * x
    for y_prev in reversed(steps):  # while_break.py:3  while y < 10:
        x_bar += y_bar * y_prev  # while_break.py:4  y = y * x
        y_bar = y_bar * x
    x_bar += y_bar  # while_break.py:2  y = x
    return x_bar
