"""The documents of policies: who must decide, how many, in which order, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .actors import Approver

if TYPE_CHECKING:
    from collections.abc import Sequence


class ResumeWith(TypedDict):
    """On expiry, hand this value to whoever waits. Since 0.1."""

    resume_with: Any


ExpiryAction = Literal["expire", "reject", "approve", "escalate"] | ResumeWith
"""What happens when a deadline passes."""


class _Decided(TypedDict):
    approvers: Sequence[Approver | Literal["anyone"]]


class Stage(_Decided, total=False):
    """One step of a policy. Since 0.1.

    Attributes:
        approvers: who may answer, 1 to 256.
        name: its name; "stage 1", ... if it is left out.
        quorum: how many equal answers pass the stage; "any" is 1.
        veto: whether one rejection rejects the stage; True if it is left out.
        forbid_requester: who asks must not decide.
        distinct_from_earlier: who answered an earlier stage must not answer this one.
        deadline_in: milliseconds from the opening of the stage.
        on_expiry: what happens then; as the review says if it is left out.
        reminders: milliseconds before that deadline, at most 16.
    """

    name: str
    quorum: Literal["any", "all"] | int
    veto: bool
    forbid_requester: bool
    distinct_from_earlier: bool
    deadline_in: int
    on_expiry: ExpiryAction
    reminders: Sequence[int]


class Triggers(TypedDict, total=False):
    """What opens the next stage of a ladder. Since 0.1.

    Attributes:
        confidence_below: 0 to 1; 0.7 if it is left out.
        on_error: True if it is left out.
        on_sensitive: True if it is left out.
    """

    confidence_below: float
    on_error: bool
    on_sensitive: bool


class Policy(TypedDict, total=False):
    """Who must decide, how many, in which order, by when. Since 0.1.

    Attributes:
        name: 1 to 512 bytes of UTF-8; a policy without a name belongs to one review.
        version: counts from 1; only in what comes out.
        order: "chain": every stage must pass, one that rejects rejects the review; "ladder": the
            open stage decides, and a trigger opens the next.
        stages: 1 to 32; a ladder may leave them out.
        triggers: of a ladder.
    """

    name: str
    version: int
    order: Literal["chain", "ladder"]
    stages: Sequence[Stage]
    triggers: Triggers


class PolicyPage(TypedDict):
    """Some policies. Since 0.1.

    Attributes:
        policies: the newest version of each.
        next: the name to pass as `after` for the next page, or None at the end.
    """

    policies: list[Policy]
    next: str | None
