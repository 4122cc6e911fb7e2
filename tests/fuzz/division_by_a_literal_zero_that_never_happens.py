def f(a, b):
    for i in range(0):
        a = a / 0.0
    if b > 5:
        b = b / 0.0
    return a * b
