"""Interlock: an embeddable human-in-the-loop core.

An agent that is about to do something that matters stops, a person decides, and the agent goes
on: later, in another process, exactly once. This package calls the core (a shared library) in
this process; there is no server. It depends on nothing but the standard library.

    from interlock import Engine

    with Engine.open("agents.db") as engine:
        engine.checkpoints.put("thread-1", "0001", body=b"...", metadata={"step": 1})
        latest = engine.checkpoints.get("thread-1")

`interlock.langgraph` has the checkpoint saver for LangGraph.
"""

from __future__ import annotations

from ._load import LibraryError
from .engine import Engine, verify_receipt
from .errors import (
    AlreadyExistsError,
    AlreadyResolvedError,
    AlreadyVotedError,
    AmbiguousReviewError,
    BadHandleError,
    BusyError,
    CannotOpenError,
    ClosedError,
    ConflictError,
    CorruptError,
    DiskFullError,
    ExpiredError,
    ForeignFileError,
    ForkedError,
    IdempotencyMismatchError,
    InterlockError,
    InternalError,
    InvalidArgumentError,
    InvalidDeadlineError,
    InvalidJSONError,
    InvalidOutcomeError,
    InvalidPayloadError,
    InvalidPolicyError,
    InvalidResponseError,
    InvalidUTF8Error,
    MisuseError,
    NewerSchemaError,
    NotAuthorizedError,
    NotFoundError,
    OutOfMemoryError,
    ReadOnlyError,
    ReviewCancelledError,
    ReviewError,
    SelfApprovalError,
    Status,
    StoreIOError,
    SupersededError,
    TooLargeError,
    UnknownPolicyError,
    UnknownReviewError,
    UnsupportedError,
    WaitCancelledError,
    WaitTimeoutError,
    WrongStageError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .audit import Audit
    from .cancel import Cancel
    from .checkpoints import Checkpoints
    from .documents import (
        Actor,
        Answered,
        Approver,
        AuditHead,
        AuditPage,
        AuditProblem,
        AuditRecord,
        Comment,
        Cursor,
        Decision,
        Escalated,
        Escalation,
        Event,
        EventPage,
        Explanation,
        Forecast,
        History,
        Opened,
        Policy,
        PolicyPage,
        Receipt,
        ReceiptStatement,
        Refusal,
        Review,
        ReviewPage,
        ReviewProblem,
        ReviewRequest,
        Stage,
        StageProgress,
        Superseded,
        Triggers,
        Vote,
    )
    from .events import Consumer, Events
    from .policies import Policies
    from .records import (
        AuditReport,
        ChannelHistory,
        ChannelValue,
        Checkpoint,
        CheckReport,
        EngineInfo,
        Problem,
        Stored,
        StoredValues,
        ThreadStorage,
        Tick,
        Write,
    )
    from .reviews import Reviews
    from .threads import Threads

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "AlreadyExistsError",
    "AlreadyResolvedError",
    "AlreadyVotedError",
    "AmbiguousReviewError",
    "Answered",
    "Approver",
    "Audit",
    "AuditHead",
    "AuditPage",
    "AuditProblem",
    "AuditRecord",
    "AuditReport",
    "BadHandleError",
    "BusyError",
    "Cancel",
    "CannotOpenError",
    "ChannelHistory",
    "ChannelValue",
    "CheckReport",
    "Checkpoint",
    "Checkpoints",
    "ClosedError",
    "Comment",
    "ConflictError",
    "Consumer",
    "CorruptError",
    "Cursor",
    "Decision",
    "DiskFullError",
    "Engine",
    "EngineInfo",
    "Escalated",
    "Escalation",
    "Event",
    "EventPage",
    "Events",
    "ExpiredError",
    "Explanation",
    "Forecast",
    "ForeignFileError",
    "ForkedError",
    "History",
    "IdempotencyMismatchError",
    "InterlockError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidDeadlineError",
    "InvalidJSONError",
    "InvalidOutcomeError",
    "InvalidPayloadError",
    "InvalidPolicyError",
    "InvalidResponseError",
    "InvalidUTF8Error",
    "LibraryError",
    "MisuseError",
    "NewerSchemaError",
    "NotAuthorizedError",
    "NotFoundError",
    "Opened",
    "OutOfMemoryError",
    "Policies",
    "Policy",
    "PolicyPage",
    "Problem",
    "ReadOnlyError",
    "Receipt",
    "ReceiptStatement",
    "Refusal",
    "Review",
    "ReviewCancelledError",
    "ReviewError",
    "ReviewPage",
    "ReviewProblem",
    "ReviewRequest",
    "Reviews",
    "SelfApprovalError",
    "Stage",
    "StageProgress",
    "Status",
    "StoreIOError",
    "Stored",
    "StoredValues",
    "Superseded",
    "SupersededError",
    "ThreadStorage",
    "Threads",
    "Tick",
    "TooLargeError",
    "Triggers",
    "UnknownPolicyError",
    "UnknownReviewError",
    "UnsupportedError",
    "Vote",
    "WaitCancelledError",
    "WaitTimeoutError",
    "Write",
    "WrongStageError",
    "verify_receipt",
]

# loaded at first use: they cost more import time than the rest of the package together
_LATER = {
    "Actor": "documents",
    "Answered": "documents",
    "Approver": "documents",
    "Audit": "audit",
    "AuditHead": "documents",
    "AuditPage": "documents",
    "AuditProblem": "documents",
    "AuditRecord": "documents",
    "AuditReport": "records",
    "Cancel": "cancel",
    "ChannelHistory": "records",
    "ChannelValue": "records",
    "CheckReport": "records",
    "Checkpoint": "records",
    "Checkpoints": "checkpoints",
    "Comment": "documents",
    "Consumer": "events",
    "Cursor": "documents",
    "Decision": "documents",
    "EngineInfo": "records",
    "Escalated": "documents",
    "Escalation": "documents",
    "Event": "documents",
    "EventPage": "documents",
    "Events": "events",
    "Explanation": "documents",
    "Forecast": "documents",
    "History": "documents",
    "Opened": "documents",
    "Policies": "policies",
    "Policy": "documents",
    "PolicyPage": "documents",
    "Problem": "records",
    "Receipt": "documents",
    "ReceiptStatement": "documents",
    "Refusal": "documents",
    "Review": "documents",
    "ReviewPage": "documents",
    "ReviewProblem": "documents",
    "ReviewRequest": "documents",
    "Reviews": "reviews",
    "Stage": "documents",
    "StageProgress": "documents",
    "Stored": "records",
    "StoredValues": "records",
    "Superseded": "documents",
    "ThreadStorage": "records",
    "Threads": "threads",
    "Tick": "records",
    "Triggers": "documents",
    "Vote": "documents",
    "Write": "records",
}


def __getattr__(name: str) -> Any:
    """Load a record type at its first use."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted(__all__)
