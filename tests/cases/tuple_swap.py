def f(a, b, n):
    for _ in range(n):
        a, b = b, a * b
    return a * b

args = (0.7, 1.3, 3)

# output

def f_grad(a, b, n):
    """Gradient of f (tuple_swap.py:1) with respect to a and b."""
    steps = []
    for _ in range(n):
        b_prev = b
        a_prev = a
        a, b = b, a * b
        steps.append((b_prev, a_prev))
    # backward
    a_bar = b  # tuple_swap.py:4  return a * b
    b_bar = a
    for b_prev, a_prev in reversed(steps):  # tuple_swap.py:2  for _ in range(n):
        g = b_bar  # tuple_swap.py:3  a, b = b, a * b
        b_bar = a_bar
        a_bar = g * b_prev
        b_bar += g * a_prev
    return a_bar, b_bar
