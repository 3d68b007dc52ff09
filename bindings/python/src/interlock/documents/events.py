"""The documents of events: what happened, in order."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

EventType = Literal[
    "review.opened",
    "review.answered",
    "review.stage_opened",
    "review.resolved",
    "review.expired",
    "review.cancelled",
    "review.superseded",
    "review.escalated",
    "review.reminded",
    "review.claimed",
    "review.released",
    "review.reassigned",
    "review.commented",
    "run.started",
    "run.resumed",
    "run.taken_over",
    "run.asked",
    "run.answered",
    "run.interrupted",
    "run.completed",
    "run.failed",
    "run.cancelled",
    "interrupt.changed",
    "message.created",
    "message.acked",
    "message.deleted",
]


class Event(TypedDict):
    """Something that happened. Since 0.1.

    Attributes:
        seq: counts from 1 without gaps, in the order of the commits.
        type: what happened.
        at: when.
        review: the id of the review, or None.
        thread: its thread, or None.
        channel: its channel, or None.
        body: more, by type; without secret values.
    """

    seq: int
    type: EventType
    at: int
    review: str | None
    thread: str | None
    channel: str | None
    body: dict[str, Any]


class EventPage(TypedDict):
    """Some events, in order. Since 0.1.

    Attributes:
        events: the events.
        next: pass it as `after` for more; it moves past what a filter hides.
        last: the newest event there is.
    """

    events: list[Event]
    next: int
    last: int


class Cursor(TypedDict):
    """How far a named reader has acknowledged. Since 0.1."""

    cursor: str
    seq: int
