"""From the adjoint to something that runs: trees to text, text to a function or to a file.

ast.Module --printer--> text and line map --loader--> callable
                                          --module--> importable .py file
"""
