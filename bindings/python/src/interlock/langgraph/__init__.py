"""LangGraph on Interlock: the checkpoint saver, the resumer, and the importer from SQLite savers.

Needs the extra: `pip install "interlock[langgraph]"`.
"""

from __future__ import annotations

from .pauses import PauseReviews
from .question import Question
from .resumer import Resumed, Resumer
from .saver import InterlockSaver

__all__ = ["InterlockSaver", "PauseReviews", "Question", "Resumed", "Resumer"]
