"""Silence is a no, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from interlock._ask import UNSET
from interlock._moment import duration

if TYPE_CHECKING:
    from interlock.documents import Duration, ExpiryAction

_DAY = timedelta(hours=24)


class Deadline(TypedDict):
    """When a review ends, and how: two arguments of `engine.reviews.open`. Since 0.1."""

    expires_in: int
    on_expiry: ExpiryAction


def rejects_after(time: Duration = _DAY, *, resume_with: Any = UNSET) -> Deadline:
    """A deadline that rejects. Since 0.1.

        engine.reviews.open("approval", {}, **rejects_after(timedelta(hours=4)))

    Args:
        time: milliseconds or a timedelta from the asking; 24 hours if it is left out.
        resume_with: instead of a rejection, whoever waits gets this value as the response, e.g.
            "timeout_reject"; the outcome is "expired", which is no approval either.
    """
    action: ExpiryAction = "reject"
    if resume_with is not UNSET:
        action = {"resume_with": resume_with}
    return {"expires_in": duration("time", time), "on_expiry": action}
