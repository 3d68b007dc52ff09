"""Configs and checkpoints for the tests of the saver."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import empty_checkpoint

from interlock.langgraph import InterlockSaver

META: Any = {"source": "loop", "step": 1, "parents": {}}


def config(thread_id: Any = "t", **more: Any) -> Any:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": "", **more}}


def at(checkpoint_id: str, thread_id: Any = "t", ns: str = "") -> Any:
    return config(thread_id, checkpoint_ns=ns, checkpoint_id=checkpoint_id)


def make(checkpoint_id: str, values: Any = None, versions: Any = None, **more: Any) -> Any:
    values = values or {}
    found: Any = empty_checkpoint()
    if versions is None:
        versions = {channel: f"{checkpoint_id}.0.5" for channel in values}
    return {
        **found,
        "v": 4,
        "id": checkpoint_id,
        "channel_values": values,
        "channel_versions": versions,
        **more,
    }


def put(saver: InterlockSaver, checkpoint_id: str, values: Any = None, **more: Any) -> Any:
    where = more.pop("where", None) or config()
    meta = more.pop("meta", META)
    checkpoint = make(checkpoint_id, values, **more)
    return saver.put(where, checkpoint, meta, checkpoint["channel_versions"])


def ids(found: Any) -> list[str]:
    return [item.checkpoint["id"] for item in found]
