"""The documents of reviews: what is asked, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .actors import Actor
from .policies import ExpiryAction, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .times import Duration, Moment

Kind = Literal[
    "notify", "approval", "verify", "selection", "form", "text", "freeform", "actions", "rating"
]
ReviewStatus = Literal["pending", "resolved", "expired", "cancelled", "superseded"]
Outcome = Literal[
    "approved",
    "rejected",
    "edited",
    "answered",
    "dismissed",
    "acknowledged",
    "expired",
    "cancelled",
]
Verdict = Literal["approve", "edit", "reject", "answer", "dismiss"]
Trigger = Literal["error", "sensitive", "confidence", "request", "deadline"]


class _Asked(TypedDict):
    kind: Kind
    payload: Mapping[str, Any]


class ReviewRequest(_Asked, total=False):
    """What `open` takes, as one dict: the successor in `supersede`. Since 0.1.

    The members are described at `Reviews.open`.
    """

    title: str
    summary: str
    details: Any
    key: str
    thread: str
    channel: str
    interrupt: str | Mapping[str, Any]
    external_id: str
    requester: str | Actor
    assignee: str | Actor
    policy: str | Policy
    deadline: Moment
    expires_in: Duration
    on_expiry: ExpiryAction
    reminders: Sequence[Duration]
    group: str
    metadata: Mapping[str, Any]


class Vote(TypedDict):
    """An answer as a stage counts it. Since 0.1."""

    decision: str
    actor: Actor
    verdict: Verdict
    at: int


class StageProgress(TypedDict):
    """How far a stage of a review has come. Since 0.1.

    Attributes:
        name: its name.
        status: where it stands.
        needed: how many equal answers pass it.
        opened_at: when it opened, or None.
        deadline: its own, or None.
        votes: the answers that were accepted.
    """

    name: str
    status: Literal["waiting", "open", "passed", "rejected", "expired", "escalated", "skipped"]
    needed: int
    opened_at: int | None
    deadline: int | None
    votes: list[Vote]


Escalation = TypedDict("Escalation", {"from": str, "to": str, "reason": Trigger, "at": int})
"""One step up a ladder."""


class _Open(TypedDict):
    id: str
    revision: int
    kind: Kind
    payload: dict[str, Any]
    status: ReviewStatus
    outcome: Outcome | None
    stage: str
    stages: list[StageProgress]
    response: Any
    successor: str | None
    assignee: Actor | None
    claimed_by: Actor | None
    escalations: list[Escalation]
    attempts: int
    created_at: int
    updated_at: int
    closed_at: int | None
    next_at: int | None
    reason: str | None
    policy: Policy


class Review(_Open, total=False):
    """One question to people. Since 0.1.

    Attributes:
        id: its id.
        revision: grows with every change.
        kind: what is asked.
        payload: the question.
        status: "pending", or one of the four final ones.
        outcome: how it ended; None while it is pending.
        stage: the name of the stage that is open, or was last.
        stages: how far each stage has come.
        response: what was answered; None until there is a result.
        successor: the review that took its place, or None.
        assignee: who was asked, or None.
        claimed_by: who has taken it, or None.
        escalations: the steps up the ladder.
        attempts: wrong phrases of kind "verify".
        created_at: when it was opened.
        updated_at: when it changed last.
        closed_at: when it ended, or None.
        next_at: when time changes it next, or None.
        reason: why it was cancelled, or None.
        policy: the whole policy, as it was when the review was opened.
        deadline: when the whole review ends, if it has a deadline.
        title: this and the rest as they were given to `open`, if they were.
    """

    deadline: int
    title: str
    summary: str
    details: Any
    key: str
    thread: str
    channel: str
    interrupt: str | dict[str, Any]
    external_id: str
    requester: str | Actor
    on_expiry: ExpiryAction
    reminders: list[int]
    group: str
    metadata: dict[str, Any]


class Opened(TypedDict):
    """What `open` did. Since 0.1.

    Attributes:
        created: False if the key or the interrupt was there before; then nothing was changed.
        review: the review.
    """

    created: bool
    review: Review


class Superseded(TypedDict):
    """What `supersede` did. Since 0.1.

    Attributes:
        review: the new one.
        superseded: the old one.
    """

    review: Review
    superseded: Review


class Escalated(TypedDict):
    """What `escalate` did. Since 0.1.

    Attributes:
        action: "escalated", or "at_top" or "stayed", which change nothing.
        review: the review after it.
    """

    action: Literal["escalated", "at_top", "stayed"]
    review: Review


class ReviewPage(TypedDict):
    """Some reviews. Since 0.1.

    Attributes:
        reviews: the reviews.
        next: the cursor of the next page, or None at the end.
    """

    reviews: list[Review]
    next: str | None
