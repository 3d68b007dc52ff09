"""LangChain on Interlock: the tools with which an agent talks to people.

Needs the extra: `pip install "interlock[langchain]"`.

    from interlock import Engine
    from interlock.langchain import INSTRUCTIONS, tools

    engine = Engine.open("agents.db")
    agent = create_agent(model, tools(engine, channel="agent-1"), system_prompt=INSTRUCTIONS)
"""

from __future__ import annotations

try:
    import langchain_core as _  # noqa: F401  # is it there?
except ModuleNotFoundError as missing:
    if missing.name != "langchain_core":
        raise
    raise ModuleNotFoundError(
        'interlock.langchain needs LangChain: pip install "interlock[langchain]"',
        name="langchain_core",
    ) from missing

from ._answers import Answer
from ._desk import Asking
from ._tools import INSTRUCTIONS, ask_approval, ask_form, ask_selection, send_message, tools

__all__ = [
    "INSTRUCTIONS",
    "Answer",
    "Asking",
    "ask_approval",
    "ask_form",
    "ask_selection",
    "send_message",
    "tools",
]
