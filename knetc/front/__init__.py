"""Front end: from a Python function to IR. The only folder that knows gast."""
