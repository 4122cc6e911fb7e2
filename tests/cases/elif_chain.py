def f(x, mode):
    if mode == "square":
        y = x * x
    elif mode == "cube":
        y = x**3
    else:
        y = 2 * x
    return y

args = 1.5, "cube"

# output

def f_grad(x, mode):
    """Gradient of f (elif_chain.py:1) with respect to x."""
    if mode == "square":  # elif_chain.py:2  if mode == "square":
        x_bar = 2.0 * x  # elif_chain.py:3  y = x * x
    elif mode == "cube":  # elif_chain.py:4  elif mode == "cube":
        x_bar = 3.0 * x**2  # elif_chain.py:5  y = x**3
    else:
        x_bar = 2.0  # elif_chain.py:7  y = 2 * x
    return x_bar
