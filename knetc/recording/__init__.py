"""Gradients by recording: for what has no adjoint that could be written down beforehand.

The compiler writes the adjoint of a function as a program. Where it cannot (a generator, an object built on the way, a
write through a view), the function is *recorded* instead: its own source, in which every operation goes through a tape.

    rewrite    source -> source: `x * y` becomes `tape.op("*", x, y)`; control flow and data movement stay as they are
    functions  the rewritten source as a function of the same globals, closure and defaults
    recorder   what rewritten code calls: dispatches to apply, arrays, operators, objects, callees, library
    tape       what was done, and how cotangents go back through it
    memory     where an array lies, and the shadow of that memory which holds its cotangent
    entry      arguments in, gradients out

**Values stay what they are.** A number that depends on the input is an ordinary float, known to the tape by its
identity; an array is known by the memory in which it lies. So whatever moves values without computing (lists, dicts,
attributes, closures, generators, exceptions, views) needs no rule at all, and the program does exactly what it did.
"""
