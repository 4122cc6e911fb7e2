"""A list comprehension as the loop that it stands for.

[f(x) for x in xs if x > 0]     ->      for x in xs:
                                            if x > 0:
                                                items.append(f(x))
"""

from __future__ import annotations

import ast
from collections.abc import Callable


def loops(
    node: ast.ListComp | ast.GeneratorExp,
    first: ast.expr,
    result: str,
    others: set[str],
    fresh: Callable[[str], str],
) -> ast.stmt:
    """The loop that appends to `result`; `first` is walked, and variables named like `others` get `fresh` names."""
    bound = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    node.generators[0].iter = ast.Constant(None)  # its names are those of the function
    renames = {name: fresh(name) for name in sorted(bound & others)}
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and child.id in renames:
            child.id = renames[child.id]
    owner = ast.Attribute(ast.Name(result, ast.Load()), "append", ast.Load())
    body: ast.stmt = ast.copy_location(ast.Expr(ast.Call(owner, [node.elt], [])), node.elt)
    node.generators[0].iter = first
    for generator in reversed(node.generators):
        for test in reversed(generator.ifs):
            body = ast.copy_location(ast.If(test, [body], []), test)
        body = ast.copy_location(ast.For(generator.target, generator.iter, [body], []), generator.iter)
    return ast.fix_missing_locations(body)
