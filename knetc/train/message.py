"""What a user's function says beside the bar, asked every so many steps or seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STOP = "stop"


@dataclass
class Message:
    """Asks `function` after the first step, and after every `steps` of them or when `seconds` have passed.

    >>> message = Message(lambda step: f"at {step}", steps=3)
    >>> [message.ask(step) or message.text for step in range(1, 7) if message.is_due(step, 0.0)]
    ['at 1', 'at 3', 'at 6']
    """

    function: Callable[[Any], Any]
    steps: int = 0
    seconds: float = 0.0
    text: str = ""
    count: int = 0
    time: float = 0.0

    def is_due(self, count: int, time: float) -> bool:
        """Whether it is time to ask, `time` being the seconds since the start."""
        due = (
            count == 1
            or (self.steps and count % self.steps == 0)
            or (self.seconds and time >= self.time + self.seconds)
        )
        if due:
            self.count, self.time = count, time
        return bool(due)

    def ask(self, position: Any) -> bool:
        """Ask, and tell whether the answer is to stop."""
        said = self.function(position)
        self.text = "" if said is None else str(said)
        return isinstance(said, str) and said == STOP
