"""LangChain on Interlock: tools with which an agent talks to people, and people before its tools.

Needs the extra: `pip install "interlock[langchain]"`.

    from interlock import Engine
    from interlock.langchain import INSTRUCTIONS, tools

    engine = Engine.open("agents.db")
    agent = create_agent(model, tools(engine, channel="agent-1"), system_prompt=INSTRUCTIONS)
"""

from __future__ import annotations

try:
    # Since LangChain 1.4.6 its middleware has the two modes of asking.
    from langchain.agents.middleware.human_in_the_loop import InterruptMode as _  # noqa: F401
except ImportError as missing:
    if (missing.name or "").partition(".")[0] not in ("langchain_core", "langchain"):
        raise
    raise ImportError(
        'interlock.langchain needs LangChain 1.4.6 or newer: pip install "interlock[langchain]"',
        name=missing.name,
    ) from missing

from ._answers import Answer
from ._desk import Asking
from ._tools import INSTRUCTIONS, ask_approval, ask_form, ask_selection, send_message, tools
from .decisions import (
    DecisionError,
    DecisionOutcome,
    SendDecisionFailedError,
    UnknownDecisionError,
    WebhookEvent,
    hitl_response_from_outcome,
    parse_webhook_payload,
)
from .middleware import InterlockMiddleware
from .notices import (
    Notice,
    anotices,
    build_hitl_actionable,
    build_tool_call_actionable,
    notices,
)
from .registry import PendingDecision, PendingDecisionRegistry
from .webhooks import InterlockResumeHandler

__all__ = [
    "INSTRUCTIONS",
    "Answer",
    "Asking",
    "DecisionError",
    "DecisionOutcome",
    "InterlockMiddleware",
    "InterlockResumeHandler",
    "Notice",
    "PendingDecision",
    "PendingDecisionRegistry",
    "SendDecisionFailedError",
    "UnknownDecisionError",
    "WebhookEvent",
    "anotices",
    "ask_approval",
    "ask_form",
    "ask_selection",
    "build_hitl_actionable",
    "build_tool_call_actionable",
    "hitl_response_from_outcome",
    "notices",
    "parse_webhook_payload",
    "send_message",
    "tools",
]
