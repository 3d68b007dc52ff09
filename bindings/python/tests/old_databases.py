"""Databases of langgraph-checkpoint-sqlite, real and hand-made."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command, Send, interrupt

from test_saver_graph import Chat, simple

SERDE = JsonPlusSerializer()


class Work(Chat, total=False):
    done: bool


def talk(state: Any) -> Any:
    return {"messages": [AIMessage(f"answer {len(state['messages'])} " * 50)]}


def review(payload: Any) -> Any:
    return {"messages": [HumanMessage(f"{payload['n']} {interrupt(payload['n'])}")]}


def chat(saver: Any) -> Any:
    builder = StateGraph(Work)
    builder.add_node("talk", talk)
    builder.add_node("review", review)
    builder.add_edge(START, "talk")
    builder.add_conditional_edges("talk", lambda _: [Send("review", {"n": n}) for n in range(2)])
    return builder.compile(checkpointer=saver)


def config(thread_id: str) -> Any:
    return {"configurable": {"thread_id": thread_id}}


def real(path: Path, threads: int = 3, turns: int = 4) -> int:
    """What graphs leave behind, questions included; returns how many checkpoints there are."""
    with SqliteSaver.from_conn_string(str(path)) as saver:
        graph, other = chat(saver), simple(saver)
        for number in range(threads):
            where = config(f"chat-{number}")
            for turn in range(turns):
                paused = graph.invoke({"messages": [HumanMessage(f"hello {turn}")]}, where)
                questions = [found.id for found in paused["__interrupt__"]]
                answers = {questions[0]: "yes"} if turn % 2 else dict.fromkeys(questions, "no")
                graph.invoke(Command(resume=answers), where)
            other.invoke({"log": ["in"]}, config(f"ask-{number}"))
        other.invoke(Command(resume="yes"), config("ask-0"))
        count: int = saver.conn.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
        return count


def hand_made(path: Path, *, task_path: bool = True) -> None:
    """The tables alone, as an old release made them."""
    extra = "task_path TEXT NOT NULL DEFAULT ''," if task_path else ""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"""
            CREATE TABLE checkpoints (
                thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '',
                checkpoint_id TEXT NOT NULL, parent_checkpoint_id TEXT, type TEXT,
                checkpoint BLOB, metadata BLOB,
                PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id));
            CREATE TABLE writes (
                thread_id TEXT NOT NULL, checkpoint_ns TEXT NOT NULL DEFAULT '',
                checkpoint_id TEXT NOT NULL, task_id TEXT NOT NULL, {extra} idx INTEGER NOT NULL,
                channel TEXT NOT NULL, type TEXT, value BLOB,
                PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx));
            """
        )


def add(path: Path, checkpoint_id: str, parent_id: str | None = None, **parts: Any) -> None:
    """One checkpoint in namespace "" of thread "t"."""
    checkpoint = {
        "v": parts.get("v", 4),
        "id": checkpoint_id,
        "ts": "2024-05-04T06:32:42+00:00",
        "channel_values": parts.get("values", {}),
        "channel_versions": parts.get("versions", {}),
        "versions_seen": {},
        **parts.get("more", {}),
    }
    tag, body = SERDE.dumps_typed(checkpoint)
    metadata = parts.get("metadata", {"step": 1})
    row = ("t", "", checkpoint_id, parent_id, tag, body, json.dumps(metadata).encode())
    insert(path, "checkpoints", row)


def add_write(
    path: Path, checkpoint_id: str, task: str, idx: int, channel: str, value: Any
) -> None:
    """One write in the same thread."""
    insert(path, "writes", ("t", "", checkpoint_id, task, idx, channel, *SERDE.dumps_typed(value)))


def insert(path: Path, table: str, row: tuple[Any, ...]) -> None:
    columns = {
        "checkpoints": "thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, "
        "checkpoint, metadata",
        "writes": "thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value",
    }[table]
    marks = ", ".join("?" * len(row))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)


if __name__ == "__main__":
    print(real(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
