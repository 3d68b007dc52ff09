"""One worker's work on a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .children import Children
from .questions import Questions

if TYPE_CHECKING:
    from typing import NoReturn


class Run(Children, Questions):
    """One worker's work on a run; `engine.runs.begin` gives it, or `engine.run`. Since 0.1.

    The program is run again from its start after each pause: what it has recorded is given back to
    it, in the same order and by the same keys, and is not done again. So it must come to the same
    steps and questions each time; if it does not, that is `DivergedError`. Keys are 1 to 512 bytes
    of UTF-8, each used once in a run.

    Any thread, one at a time. A lease that is a third over is renewed by the next step or
    question; work that takes longer than the lease calls `heartbeat`. A `with` block closes the
    handle and does not end the run.

    Every method raises `FencedError` if another worker has taken over or the run was cancelled,
    `NotRunningError` if it has ended or waits, and what every call on the store raises.

    Attributes:
        thread: the thread.
        run: the id of the run.
        fence: the number of the lease.
        action: "started", "resumed" or "took_over".
        recorded: how much was recorded when it began.
        updates: what resumes brought beside their values, in the order of the questions.
    """

    __slots__ = ()

    def numbered(self, name: str) -> str:
        """A key that is new in this run and the same each time: "name", "name 2", ... Since 0.1."""
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return name if count == 1 else f"{name} {count}"

    def __reduce__(self) -> NoReturn:
        """Refuse: a lease belongs to one worker."""
        raise TypeError("a Run cannot be pickled or copied")

    def __repr__(self) -> str:
        """The thread and the lease, for people."""
        return f"<interlock.Run {self.run} of {self.thread!r}, lease {self.fence}>"
