"""LangChain on Interlock: tools with which an agent talks to people, and people before its tools.

Needs the extra: `pip install "interlock[langchain]"`.

    from interlock import Engine
    from interlock.langchain import INSTRUCTIONS, tools

    engine = Engine.open("agents.db")
    agent = create_agent(model, tools(engine, channel="agent-1"), system_prompt=INSTRUCTIONS)
"""

from __future__ import annotations

try:
    import langchain.agents as _  # noqa: F401  # is it there?
except ModuleNotFoundError as missing:
    if missing.name not in ("langchain_core", "langchain"):
        raise
    raise ModuleNotFoundError(
        'interlock.langchain needs LangChain: pip install "interlock[langchain]"',
        name=missing.name,
    ) from missing

from ._answers import Answer
from ._desk import Asking
from ._tools import INSTRUCTIONS, ask_approval, ask_form, ask_selection, send_message, tools
from .middleware import InterlockMiddleware

__all__ = [
    "INSTRUCTIONS",
    "Answer",
    "Asking",
    "InterlockMiddleware",
    "ask_approval",
    "ask_form",
    "ask_selection",
    "send_message",
    "tools",
]
