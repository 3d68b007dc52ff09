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

from . import errors
from ._later import LATER
from ._load import LibraryError
from .engine import Engine, verify_receipt
from .errors import *  # noqa: F403

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .audit import Audit
    from .cancel import Cancel
    from .checkpoints import Checkpoints
    from .deliveries import (
        Deliveries,
        Delivery,
        DeliveryPage,
        DueDeliveries,
        Sending,
    )
    from .documents import (
        Actor,
        Answered,
        Approver,
        Asked,
        AuditHead,
        AuditPage,
        AuditProblem,
        AuditRecord,
        Begun,
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
        Interrupt,
        InterruptPage,
        Opened,
        Permit,
        PermitPage,
        Policy,
        PolicyPage,
        Receipt,
        ReceiptStatement,
        Refusal,
        Resumed,
        Review,
        ReviewAnswer,
        ReviewPage,
        ReviewProblem,
        ReviewRequest,
        RunDetails,
        RunOutcome,
        RunPage,
        RunState,
        Stage,
        StageProgress,
        Superseded,
        Triggers,
        Vote,
    )
    from .endpoints import Endpoint, EndpointPage, Endpoints
    from .events import Consumer, Events
    from .feedback import Feedback
    from .graphs import GraphClaim, GraphInterrupt, Graphs
    from .guards import Guard, PendingError
    from .message_documents import (
        Attachment,
        FeedbackPage,
        FeedbackRecord,
        FeedbackSummary,
        KeySummary,
        Message,
        MessagePage,
    )
    from .messages import Messages
    from .permits import Permits
    from .policies import Policies
    from .programs import Completed, Failed, Interrupted
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
    from .runs import Run, Runs, Suspended
    from .threads import Threads
    from .tokens import IssuedToken, RevokedToken, TokenClaims, TokenKey, Tokens
    from .webhooks import ReceivedWebhook, VerifiedWebhook, Webhooks

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Answered",
    "Approver",
    "Asked",
    "Attachment",
    "Audit",
    "AuditHead",
    "AuditPage",
    "AuditProblem",
    "AuditRecord",
    "AuditReport",
    "Begun",
    "Cancel",
    "ChannelHistory",
    "ChannelValue",
    "CheckReport",
    "Checkpoint",
    "Checkpoints",
    "Comment",
    "Completed",
    "Consumer",
    "Cursor",
    "Decision",
    "Deliveries",
    "Delivery",
    "DeliveryPage",
    "DueDeliveries",
    "Endpoint",
    "EndpointPage",
    "Endpoints",
    "Engine",
    "EngineInfo",
    "Escalated",
    "Escalation",
    "Event",
    "EventPage",
    "Events",
    "Explanation",
    "Failed",
    "Feedback",
    "FeedbackPage",
    "FeedbackRecord",
    "FeedbackSummary",
    "Forecast",
    "GraphClaim",
    "GraphInterrupt",
    "Graphs",
    "Guard",
    "History",
    "Interrupt",
    "InterruptPage",
    "Interrupted",
    "IssuedToken",
    "KeySummary",
    "LibraryError",
    "Message",
    "MessagePage",
    "Messages",
    "Opened",
    "PendingError",
    "Permit",
    "PermitPage",
    "Permits",
    "Policies",
    "Policy",
    "PolicyPage",
    "Problem",
    "Receipt",
    "ReceiptStatement",
    "ReceivedWebhook",
    "Refusal",
    "Resumed",
    "Review",
    "ReviewAnswer",
    "ReviewPage",
    "ReviewProblem",
    "ReviewRequest",
    "Reviews",
    "RevokedToken",
    "Run",
    "RunDetails",
    "RunOutcome",
    "RunPage",
    "RunState",
    "Runs",
    "Sending",
    "Stage",
    "StageProgress",
    "Stored",
    "StoredValues",
    "Superseded",
    "Suspended",
    "ThreadStorage",
    "Threads",
    "Tick",
    "TokenClaims",
    "TokenKey",
    "Tokens",
    "Triggers",
    "VerifiedWebhook",
    "Vote",
    "Webhooks",
    "Write",
    "verify_receipt",
]
__all__ += errors.__all__


def __getattr__(name: str) -> Any:
    """Load a record type at its first use."""
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted(__all__)
