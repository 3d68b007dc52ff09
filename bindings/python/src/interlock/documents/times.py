"""Times as the caller gives them: what the core counts in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from typing import TypeAlias

    Moment: TypeAlias = int | datetime
    """Milliseconds since 1970, or a datetime that knows its time zone."""
    Duration: TypeAlias = int | timedelta
    """Milliseconds, or a timedelta."""
    Seconds: TypeAlias = float | timedelta
    """How long a caller is willing to wait."""
