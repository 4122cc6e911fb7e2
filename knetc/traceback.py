"""What an error raised inside generated code tells: the user's line, and the shapes of the arrays in it.

An error of knetc's takes the line into its message, any other gets a note:

    ValueError: operands could not be broadcast together with shapes (3,) (4,)
    model.py:14:19: raised for this line
      14 |     return np.sum(w + x)
         |                   ^^^^^
    shapes: `w` is (3,), `x` is (4,)
    layer: `layers[2]` of Chain, Dense

Frames of knetc itself are left out of the traceback unless `KNETC_TRACEBACK=full`.
"""

from __future__ import annotations

import inspect
import itertools
import linecache
import os
import re
import types
from dataclasses import replace
from pathlib import Path

from knetc.emit.loader import PLACES
from knetc.errors import KnetcError, Place
from knetc.recording.functions import is_recorded
from knetc.runtime.layers import running

HIDDEN = (str(Path(__file__).parent) + os.sep, inspect.__file__)
MAX_SHAPES = 6


def explained(error: Exception) -> Exception:
    """The error with the line of the user's source for which it arose, and without knetc's own frames."""
    frames = _frames(error.__traceback__)
    generated = (f for f in reversed(frames) if _file(f) in PLACES or is_recorded(f.tb_frame.f_code))
    places = ((f.tb_frame, _place(f)) for f in generated)
    own = ((frame, place) for frame, place in places if place and not place.file.startswith(HIDDEN))
    frame, place = next(own, (None, None))  # the lines of knetc's own layers tell nothing
    if isinstance(error, KnetcError):
        if error.place is None and place is not None:
            error.place = place
            error.args = (error.render(),)
    elif frame is not None and place is not None and not getattr(error, "__notes__", None):
        layer = running(f.tb_frame for f in reversed(frames))
        error.add_note(note(place, frame) + (f"\nlayer: {layer}" if layer else ""))
    if os.environ.get("KNETC_TRACEBACK") != "full":
        error.__traceback__ = _visible(frames)
    return error


def note(place: Place, frame: types.FrameType) -> str:
    """The place, its line, and the shapes of the arrays that are named in it."""
    names = dict.fromkeys(re.findall(r"\w+", place.text))
    values = {name: getattr(frame.f_locals.get(name), "shape", None) for name in names}
    shapes = [f"`{name}` is {shape}" for name, shape in values.items() if isinstance(shape, tuple)]
    told = f"\nshapes: {', '.join(shapes[:MAX_SHAPES])}" if shapes else ""
    return f"{place}: raised for this line\n{place.caret()}{told}"


def _place(frame: types.TracebackType) -> Place | None:
    """The user's line behind the statement that was running; its part that was running, where that is in it."""
    if is_recorded(frame.tb_frame.f_code):
        return running_place(frame)
    places = PLACES[_file(frame)]
    line = max((line for line in places if line <= frame.tb_lineno), default=0)
    place, part = places.get(line), _running(frame)
    if place is None or not part or place.text.count(part) != 1:
        return place
    start = place.text.index(part)
    return replace(place, col=start, end_col=start + len(part))


def running_place(frame: types.TracebackType) -> Place:
    """The place of what was running, in a function that is recorded: its lines are the user's own."""
    line, _, start, end = _span(frame)
    text = linecache.getline(_file(frame), line or frame.tb_lineno).rstrip("\n")
    return Place(_file(frame), line or frame.tb_lineno, start or 0, end or len(text), text)


def _span(frame: types.TracebackType) -> tuple[int | None, ...]:
    positions = frame.tb_frame.f_code.co_positions()
    return next(itertools.islice(positions, frame.tb_lasti // 2, None), (None,) * 4)


def _running(frame: types.TracebackType) -> str:
    """The expression of the generated text that was running."""
    line, last_line, start, end = _span(frame)
    if line is None or line != last_line:
        return ""
    return linecache.getline(_file(frame), line).encode()[start:end].decode(errors="ignore")


def _frames(traceback: types.TracebackType | None) -> list[types.TracebackType]:
    found = []
    while traceback is not None:
        found.append(traceback)
        traceback = traceback.tb_next
    return found


def _file(frame: types.TracebackType) -> str:
    return frame.tb_frame.f_code.co_filename


def _visible(frames: list[types.TracebackType]) -> types.TracebackType | None:
    """The chain of frames outside knetc."""
    chain: types.TracebackType | None = None
    for frame in reversed(frames):
        if not _file(frame).startswith(HIDDEN):
            chain = types.TracebackType(chain, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return chain
