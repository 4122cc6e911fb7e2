"""What an error raised inside generated code tells: a note with the user's line and the shapes in it.

Frames of knetc itself are left out of the traceback unless `KNETC_TRACEBACK=full`.
"""

from __future__ import annotations

import os
import types
from pathlib import Path
from typing import Any

from knetc.emit.loader import PLACES
from knetc.errors import KnetcError, Place

HOME = str(Path(__file__).parent)
MAX_SHAPES = 6


def explained(error: Exception) -> Exception:
    """The error with a note on where in the user's source it arose, and without knetc's own frames."""
    frames = _frames(error.__traceback__)
    last = next((f for f in reversed(frames) if f.tb_frame.f_code.co_filename in PLACES), None)
    if last is not None and not isinstance(error, KnetcError) and not getattr(error, "__notes__", None):
        place = PLACES[last.tb_frame.f_code.co_filename].get(_statement_line(last))
        if place is not None:
            error.add_note(note(place, last.tb_frame))
    if os.environ.get("KNETC_TRACEBACK") != "full":
        error.__traceback__ = _visible(frames)
    return error


def note(place: Place, frame: types.FrameType) -> str:
    """`model.py:14` with the line, and the shapes of the arrays in it."""
    shapes = [
        f"`{n}` is {_shape(frame.f_locals[n])}"
        for n in _names(place.text)
        if _has_shape(frame.f_locals.get(n))
    ]
    told = f"\nshapes: {', '.join(shapes[:MAX_SHAPES])}" if shapes else ""
    return f"{place}: in the derivative of\n{place.caret()}{told}"


def _names(text: str) -> list[str]:
    words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
    return list(dict.fromkeys(words))


def _has_shape(value: Any) -> bool:
    return isinstance(getattr(value, "shape", None), tuple)


def _shape(value: Any) -> str:
    return str(value.shape)


def _statement_line(frame: types.TracebackType) -> int:
    """The line on which the statement starts that was running."""
    places = PLACES[frame.tb_frame.f_code.co_filename]
    before = [line for line in places if line <= frame.tb_lineno]
    return max(before, default=frame.tb_lineno)


def _frames(traceback: types.TracebackType | None) -> list[types.TracebackType]:
    found = []
    while traceback is not None:
        found.append(traceback)
        traceback = traceback.tb_next
    return found


def _visible(frames: list[types.TracebackType]) -> types.TracebackType | None:
    """The chain of frames outside knetc."""
    chain: types.TracebackType | None = None
    for frame in reversed(frames):
        if not frame.tb_frame.f_code.co_filename.startswith(HOME):
            chain = types.TracebackType(chain, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return chain
