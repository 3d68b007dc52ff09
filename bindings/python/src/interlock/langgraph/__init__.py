"""LangGraph on Interlock: the checkpoint saver, and the importer from SQLite savers.

Needs the extra: `pip install "interlock[langgraph]"`.
"""

from __future__ import annotations

from .saver import InterlockSaver

__all__ = ["InterlockSaver"]
