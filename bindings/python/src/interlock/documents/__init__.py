"""The documents of reviews, runs and permits: what goes in and comes out as JSON.

They are plain dicts, typed for the reader and the type checker; the core checks them. Times are
milliseconds since 1970-01-01T00:00:00Z, durations are milliseconds, integers keep their digits.
A later release may add members to what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .actors import Actor, Approver, IdentityType
from .answers import (
    Answered,
    Comment,
    Decision,
    Explanation,
    Forecast,
    History,
    Next,
    Refusal,
    ReviewProblem,
    Via,
)
from .audit import AuditAction, AuditHead, AuditPage, AuditProblem, AuditRecord
from .events import Cursor, Event, EventPage, EventType
from .permits import Permit, PermitPage, PermitStatus
from .policies import ExpiryAction, Policy, PolicyPage, ResumeWith, Stage, Triggers
from .receipts import Receipt, ReceiptDecision, ReceiptStatement
from .reviews import (
    Escalated,
    Escalation,
    Kind,
    Opened,
    Outcome,
    Review,
    ReviewPage,
    ReviewRequest,
    ReviewStatus,
    StageProgress,
    Superseded,
    Trigger,
    Verdict,
    Vote,
)
from .runs import (
    Asked,
    Begun,
    Interrupt,
    InterruptPage,
    InterruptStatus,
    Resumed,
    ReviewAnswer,
    RunDetails,
    RunOutcome,
    RunPage,
    RunState,
    RunStatus,
)

if TYPE_CHECKING:
    from .times import Duration as Duration
    from .times import Moment as Moment
    from .times import Seconds as Seconds

__all__ = [
    "Actor",
    "Answered",
    "Approver",
    "Asked",
    "AuditAction",
    "AuditHead",
    "AuditPage",
    "AuditProblem",
    "AuditRecord",
    "Begun",
    "Comment",
    "Cursor",
    "Decision",
    "Escalated",
    "Escalation",
    "Event",
    "EventPage",
    "EventType",
    "ExpiryAction",
    "Explanation",
    "Forecast",
    "History",
    "IdentityType",
    "Interrupt",
    "InterruptPage",
    "InterruptStatus",
    "Kind",
    "Next",
    "Opened",
    "Outcome",
    "Permit",
    "PermitPage",
    "PermitStatus",
    "Policy",
    "PolicyPage",
    "Receipt",
    "ReceiptDecision",
    "ReceiptStatement",
    "Refusal",
    "ResumeWith",
    "Resumed",
    "Review",
    "ReviewAnswer",
    "ReviewPage",
    "ReviewProblem",
    "ReviewRequest",
    "ReviewStatus",
    "RunDetails",
    "RunOutcome",
    "RunPage",
    "RunState",
    "RunStatus",
    "Stage",
    "StageProgress",
    "Superseded",
    "Trigger",
    "Triggers",
    "Verdict",
    "Via",
    "Vote",
]
