"""The command `knetc`: compile ahead of time, look at generated code, check a file, explain an error.

Exit codes: 0 all is well, 1 something was refused or failed, 2 the command was not understood.
"""
