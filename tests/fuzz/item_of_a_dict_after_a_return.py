def f(a, u, ps):
    for t in u:
        return a * t
    return ps["q"]
