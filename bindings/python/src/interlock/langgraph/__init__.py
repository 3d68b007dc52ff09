"""LangGraph on Interlock: the checkpoint saver, the resumer, and the importer from SQLite savers.

Needs the extra: `pip install "interlock[langgraph]"`.
"""

from __future__ import annotations

try:
    # Since LangGraph 1.2.20, which has this, every question of a node has an id of its own. Before,
    # the second had that of the first: it would find the first one's review and wait for ever.
    from langgraph.errors import UnknownInterruptError as _  # noqa: F401
except ImportError as missing:
    if (missing.name or "").partition(".")[0] != "langgraph":
        raise
    raise ImportError(
        'interlock.langgraph needs LangGraph 1.2.20 or newer: pip install "interlock[langgraph]"',
        name=missing.name,
    ) from missing

from .pauses import PauseReviews
from .question import Question
from .resumer import Resumed, Resumer
from .saver import InterlockSaver

__all__ = ["InterlockSaver", "PauseReviews", "Question", "Resumed", "Resumer"]
