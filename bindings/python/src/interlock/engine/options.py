"""The options of an engine, as the core takes them."""

from __future__ import annotations

from .. import _ffi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..documents import Moment

DURABILITY = {"full": _ffi.DURABILITY_FULL, "normal": _ffi.DURABILITY_NORMAL}
_MAX_MILLISECONDS = 2**32 - 1


def start_time(clock: str | Moment | None) -> int:
    """Where a manual clock begins."""
    if clock is None or clock == "manual":
        return 0
    if isinstance(clock, str):
        raise ValueError(f'clock must be None, "manual" or a time, not {clock!r}')
    from .._moment import moment

    start = moment("clock", clock)
    if not -(2**63) <= start < 2**63:
        raise ValueError(f"clock is out of range: {clock!r}")
    return start


def milliseconds(seconds: float) -> int:
    """How long a call waits for other processes."""
    if not seconds >= 0:
        raise ValueError(f"busy_timeout must be 0 or more seconds, not {seconds!r}")
    # 0 means the default to the core, so the shortest wait is 1 ms
    return max(1, round(min(seconds * 1000, _MAX_MILLISECONDS)))


def size(name: str, value: int | None) -> int:
    """A number of bytes; None is that of the core."""
    if value is None:
        return 0
    if not 0 <= value < 2**64:
        raise ValueError(f"{name} must be 0 or more bytes, not {value!r}")
    return max(1, value)  # 0 means the default to the core
