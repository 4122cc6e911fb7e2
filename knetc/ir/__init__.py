"""The intermediate representation: small frozen nodes, and how they are walked, named, shown and checked."""
