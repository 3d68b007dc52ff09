"""Times and durations as the core counts them: whole milliseconds."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, timedelta


def moment(name: str, value: int | datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z.

    Raises:
        ValueError: a datetime without a time zone, which is another moment in every place.
        TypeError: neither an int nor a datetime.
    """
    from datetime import datetime, timedelta, timezone

    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError(f"{name} needs a time zone: {value!r} is not one moment")
        since = value - datetime(1970, 1, 1, tzinfo=timezone.utc)
        return since // timedelta(milliseconds=1)
    return _whole(name, value, "an int of milliseconds or a datetime")


def duration(name: str, value: int | timedelta) -> int:
    """Milliseconds.

    Raises:
        TypeError: neither an int nor a timedelta.
    """
    from datetime import timedelta

    if isinstance(value, timedelta):
        return value // timedelta(milliseconds=1)
    return _whole(name, value, "an int of milliseconds or a timedelta")


def seconds(name: str, value: float | timedelta | None) -> float | None:
    """How long to wait, or None for as long as it takes.

    Raises:
        ValueError: it is negative or NaN.
    """
    if value is None:
        return None
    if not isinstance(value, (int, float)):
        value = value.total_seconds()
    if not value >= 0:
        raise ValueError(f"{name} must be 0 or more seconds, not {value!r}")
    return value


def milliseconds(name: str, value: float | timedelta) -> int:
    """Whole milliseconds of a number of seconds, at least 1 if it is more than none.

    Raises:
        ValueError: it is negative, NaN or infinite.
    """
    from math import ceil, isinf

    span = seconds(name, value)
    if span is None or isinf(span):
        raise ValueError(f"{name} must be a finite number of seconds, not {value!r}")
    return ceil(round(span * 1000, 6))


def _whole(name: str, value: object, wanted: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}")
    return value
