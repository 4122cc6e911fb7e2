"""What an optimiser remembers of each array: by identity while a program runs, by path in a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knetc.backends import array_module
from knetc.errors import ShapeError

Array = Any
State = dict[str, Any]


class Memory(dict[str, State]):
    """The states of arrays by name: the path of an array where it was first updated, with `'` for a second one there.

    A dict, so that `knetc.save` writes the states and nothing else, and `knetc.load(path, into=optimiser)` fills one
    that has not seen an array yet. Which array a name belongs to is known by identity; the arrays are held, so that no
    identity is given away again. What has been loaded or copied has names only, and goes to the first array that is
    found at the path.

    >>> import numpy as np
    >>> w, memory = np.ones(2), Memory()
    >>> memory.of("layers[0].w", w, lambda w: {"v": np.zeros_like(w)})
    {'v': array([0., 0.])}
    >>> memory.of("again.w", w, dict) is memory["layers[0].w"]
    True
    """

    def __init__(self, states: dict[str, State] | None = None) -> None:
        super().__init__(states or {})
        self.owners: dict[int, tuple[Array, str]] = {}

    def of(self, path: str, w: Array, fresh: Callable[[Array], State]) -> State:
        """The state of `w`, which stands at `path`: a `fresh` one at its first update.

        Raises `ShapeError` (KN413) if the state that was loaded for this path is that of another array.
        """
        owner = self.owners.get(id(w))
        if owner is None or owner[0] is not w:
            owner = self.owners[id(w)] = (w, self._free_name(path))
            if owner[1] in self:
                self[owner[1]] = _fitting(path, self[owner[1]], fresh(w))
        name = owner[1]
        if name not in self:
            self[name] = fresh(w)
        return self[name]

    def _free_name(self, path: str) -> str:
        taken = {name for _, name in self.owners.values()}
        name = path or "value"
        while name in taken:
            name += "'"
        return name

    def __reduce__(self) -> Any:
        """A copy has the states by name: its arrays are others."""
        return Memory, (dict(self),)


def _fitting(path: str, found: State, expected: State) -> State:
    """A state that was found by name, on the device of its array."""
    for name in {**found, **expected}:
        there, wanted = getattr(found.get(name), "shape", None), getattr(expected.get(name), "shape", None)
        if name not in found or name not in expected or there != wanted:
            raise ShapeError(
                "KN413",
                f"the optimiser remembers `{name}` of `{path}` with the shape {there}, expected {wanted}",
                help="train the model that it was saved with, or start anew with optimiser.clone()",
            )
    return {
        name: array_module(expected[name]).asarray(value) if hasattr(expected[name], "shape") else value
        for name, value in found.items()
    }
