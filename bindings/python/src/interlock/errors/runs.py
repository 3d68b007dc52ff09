"""The errors of runs."""

from __future__ import annotations

from .base import InterlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RunError(InterlockError):
    """A refusal about a run. Nothing was changed. Since 0.1."""


class ThreadBusyError(RunError):
    """Another worker has the lease of this thread. Since 0.1."""


class FencedError(RunError):
    """The lease is lost: another worker has taken over, or the run was cancelled. Since 0.1.

    Stop the work: whatever is recorded from now on is the other's.
    """


class NotInterruptedError(RunError):
    """A resume, and nothing waits for a value. Since 0.1."""


class UnknownInterruptError(RunError, LookupError):
    """There is no such interrupt in the run of this thread. Since 0.1."""


class AmbiguousInterruptError(RunError, LookupError):
    """A resume without a name, and several interrupts wait. Since 0.1."""


class DivergedError(RunError):
    """The program has changed between pause and resume. Since 0.1."""

    @property
    def recorded(self) -> dict[str, Any]:
        """What was recorded at this place: its "kind" ("step" or "interrupt") and "key"."""
        found: dict[str, Any] = self.details.get("recorded", {})
        return found

    @property
    def came(self) -> dict[str, Any]:
        """What came instead: its "kind" and "key"; of kind "end" if the program ended early."""
        found: dict[str, Any] = self.details.get("came", {})
        return found


class DuplicateKeyError(RunError, ValueError):
    """A key was used before in this run. Since 0.1."""


class NotRunningError(RunError):
    """The run is not under way: it has ended, failed or waits. Since 0.1."""


class ReviewRequiredError(RunError):
    """A review decides about this interrupt: answer the review. Since 0.1."""
