"""The documents of messages and feedback: what goes in and comes out as JSON.

They are plain dicts, typed for the reader and the type checker; the core checks them. A later
release may add members to what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from .documents import Actor

Sender = Literal["agent", "user"]
Level = Literal["info", "success", "warning", "error"]
DeliveryStatus = Literal["queued", "acked"]


class Attachment(TypedDict, total=False):
    """What hangs on a message: either a content, or the id of something kept elsewhere. Since 0.1.

    Attributes:
        content: a text of its own, at most 1 MiB.
        id: instead: the name of what the host keeps.
        filename: "content.md" if there is a content and no name.
        mime_type: "text/markdown" if there is a content and no type.
    """

    content: str
    id: str
    filename: str | None
    mime_type: str | None


class Message(TypedDict):
    """A message. Since 0.1.

    Attributes:
        id: its id.
        seq: grows with every message of the store and is never used again.
        channel: where it was posted.
        sender: "agent", or "user" for a person.
        actor: who that was, or None.
        text: Markdown, or None.
        level: what sort of news it is.
        review: the id of the review that it carries, or None.
        metadata: what the host put there, or None.
        attachments: what hangs on it.
        client_key: the key that it was posted with, or None.
        group: the id of the first of several tries, None as long as there is one.
        iteration: which try it is, from 1.
        delivery_status: whether a reader has said that it has it.
        acked_at: when, or None.
        acked_by: which reader, or None.
        created_at: when it was posted.
    """

    id: str
    seq: int
    channel: str
    sender: Sender
    actor: Actor | None
    text: str | None
    level: Level
    review: str | None
    metadata: dict[str, Any] | None
    attachments: list[Attachment]
    client_key: str | None
    group: str | None
    iteration: int
    delivery_status: DeliveryStatus
    acked_at: int | None
    acked_by: Actor | None
    created_at: int


class MessagePage(TypedDict):
    """Some messages of a channel. Since 0.1.

    Attributes:
        messages: in the order of posting.
        next: pass it as `after` for more; None if there are no more now.
    """

    messages: list[Message]
    next: int | None


class FeedbackRecord(TypedDict):
    """One score. Since 0.1.

    Attributes:
        id: its id.
        seq: grows with every score of the store.
        run: the run that it is about, or None.
        thread: or the thread.
        review: or the review.
        key: what it judges.
        score: 0 to 1.
        comment: a remark, or None.
        actor: who gave it, or None.
        at: when.
    """

    id: str
    seq: int
    run: str | None
    thread: str | None
    review: str | None
    key: str
    score: float
    comment: str | None
    actor: Actor | None
    at: int


class FeedbackPage(TypedDict):
    """Some scores. Since 0.1.

    Attributes:
        feedback: in the order they were given.
        next: pass it as `after` for more; None if there are no more now.
    """

    feedback: list[FeedbackRecord]
    next: int | None


class KeySummary(TypedDict):
    """What all scores of a key come to. Since 0.1."""

    key: str
    count: int
    average: float
    min: float
    max: float


class FeedbackSummary(TypedDict):
    """The sums of some keys. Since 0.1.

    Attributes:
        keys: by key in ascending byte order.
        next: pass it as `after` for more; None if there are no more.
    """

    keys: list[KeySummary]
    next: str | None
