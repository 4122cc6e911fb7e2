"""What there is to say about a running loop at one moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """`count` steps of `total` (None: unknown) in `seconds`.

    `loss` is a running mean, or None; `message` is what the user says.
    """

    count: int
    total: int | None
    seconds: float
    loss: float | None = None
    stopped: bool = False
    message: str = ""

    def text(self) -> str:
        """One line without the bar.

        >>> Snapshot(30, 120, 1.5, 0.25).text()
        '30/120  25%  20.0 it/s  loss 0.25  00:01 < 00:04'
        >>> Snapshot(2, None, 6.0, stopped=True).text()
        '2  3.0 s/it  00:06  stopped'
        """
        stopped = "stopped" if self.stopped else ""
        parts = [self._count(), self._rate(), self._loss(), self._time(), stopped, self.message]
        return "  ".join(part for part in parts if part)

    def _count(self) -> str:
        if self.total is None:
            return str(self.count)
        return f"{self.count}/{self.total}  {100 * self.count // max(self.total, 1)}%"

    def _rate(self) -> str:
        if not self.count or not self.seconds:
            return ""
        rate = self.count / self.seconds
        if rate < 1:
            return f"{1 / rate:.1f} s/it"
        return f"{rate:.1f} it/s" if rate < 100 else f"{rate:.0f} it/s"

    def _loss(self) -> str:
        return "" if self.loss is None else f"loss {self.loss:.4g}"

    def _time(self) -> str:
        """Time taken, and the time that the rest will take."""
        if not self.count or self.total is None or self.count >= self.total or self.stopped:
            return clock(self.seconds)
        return f"{clock(self.seconds)} < {clock(self.seconds / self.count * (self.total - self.count))}"


def clock(seconds: float) -> str:
    """Seconds as on a clock.

    >>> clock(75.9), clock(3675)
    ('01:15', '1:01:15')
    """
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
