def f(a, b):
    match 0.75:
        case float() as a:
            t = 1
    return a * b
