"""What people are to be told about reviews, for whoever sends it to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from interlock import Engine, Review
    from interlock.documents import Event, EventType, Seconds

_TYPES: tuple[EventType, ...] = (
    "review.opened",
    "review.stage_opened",
    "review.reminded",
    "review.escalated",
    "review.reassigned",
    "review.resolved",
    "review.expired",
    "review.cancelled",
    "review.superseded",
)
_SHOWN: tuple[str, ...] = ("name", "args", "description")


@dataclass(frozen=True)
class Notice:
    """Something about a review that somebody may want to know. Since 0.1.

    Attributes:
        seq: the number of the event: acknowledge it with `engine.events.ack` when it was sent.
        type: what happened.
        event: the event.
        review: the review as it is now.
    """

    seq: int
    type: EventType
    event: Event
    review: Review

    @property
    def actionable(self) -> dict[str, Any] | None:
        """What to show of tool calls that are asked about; None of another question. Since 0.1."""
        items: list[dict[str, Any]] = self.review["payload"].get("items", [])
        if self.review["kind"] != "actions" or not items:
            return None
        calls: list[dict[str, Any]] = [
            {name: item[name] for name in _SHOWN if name in item} for item in items
        ]
        return build_hitl_actionable(calls, title=self.review.get("title"))


def notices(
    engine: Engine,
    *,
    after: int | None = None,
    cursor: str | None = None,
    types: Sequence[EventType] = _TYPES,
    timeout: Seconds | None = None,
) -> Iterator[Notice]:
    """What has happened to reviews, and then each thing as it happens. Since 0.1.

    Args:
        engine: the store.
        after: only events with a greater seq.
        cursor: instead: only events after what this named reader has acknowledged.
        types: only these.
        timeout: end when nothing came for so long; None never ends.
    """
    found = engine.events.follow(after=after, cursor=cursor, types=types, timeout=timeout)
    for event in found:
        if event["review"] is not None:
            review = engine.reviews.get(event["review"])
            yield Notice(event["seq"], event["type"], event, review)


async def anotices(
    engine: Engine,
    *,
    after: int | None = None,
    cursor: str | None = None,
    types: Sequence[EventType] = _TYPES,
    timeout: Seconds | None = None,
) -> AsyncIterator[Notice]:
    """`notices` in an event loop. Since 0.1."""
    found = engine.events.afollow(after=after, cursor=cursor, types=types, timeout=timeout)
    async for event in found:
        if event["review"] is not None:
            review = await engine.reviews.aget(event["review"])
            yield Notice(event["seq"], event["type"], event, review)


def build_tool_call_actionable(
    *,
    tool: str,
    args: Mapping[str, Any],
    title: str,
    summary: str,
    kind: str = "propose_tool_call",
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What to show of one tool call. Since 0.1."""
    shown = {"kind": kind, "tool": tool, "args": {**args}, "title": title, "summary": summary}
    return {**shown, **(extra or {})}


def build_hitl_actionable(
    action_requests: Sequence[Mapping[str, Any]], *, title: str | None = None
) -> dict[str, Any]:
    """What to show of the tool calls of a turn; the first is the headline. Since 0.1.

    Raises:
        ValueError: there are none.
    """
    if not action_requests:
        raise ValueError("action_requests must not be empty")
    first = action_requests[0]
    tool = str(first["name"])
    return build_tool_call_actionable(
        tool=tool,
        args=first.get("args") or {},
        title=title or f"Approve {tool}?",
        summary=str(first.get("description") or f"The agent requested approval for `{tool}`."),
        extra={"action_count": len(action_requests), "actions": [*action_requests]},
    )
