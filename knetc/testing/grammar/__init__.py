"""The grammar of random programs: one short function per construct, which writes it with what is in scope.

    writer       what has been written so far: the names in scope by their types, blocks, choices
    expressions  numbers, conditions, calls of everything that can be called
    tensors      vectors (3,) and matrices (2, 3), copies and views of them
    assignments  plain, augmented, unpacked, chained; branches and what a branch may hold
    loops        for over everything, while, break, continue, return, loop else
    stores       writes into arrays and through their views
    containers   lists, dicts and tuples, comprehensions
    closures     nested functions, nonlocal, lambdas, factories, generators
    blocks       try, with, match
    callees      functions and classes of the module, which the program calls
    program      the whole module

A production is entered in its table by a decorator with its family (see `writer.FAMILIES`) and may call any other. To
add a construct, write one more: the program that comes out may raise (it is thrown away), but it has to end.

**Why no hypothesis here.** A grammar asks `choose(n)` for a number below n and knows no more of where it comes from:
of hypothesis in the tests, of `random.Random` in an experiment.
"""
