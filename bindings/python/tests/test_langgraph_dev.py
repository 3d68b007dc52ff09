"""The saver as the custom checkpointer of `langgraph dev`, driven through the SDK."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk import get_client

from interlock import Engine

GRAPH = """
from typing import TypedDict
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

class State(TypedDict, total=False):
    topic: str
    answer: dict

def review(state: State) -> dict:
    return {"answer": interrupt({"question": "ship it?", "topic": state["topic"]})}

builder = StateGraph(State)
builder.add_node("review", review)
builder.add_edge(START, "review")
graph = builder.compile()
"""

CHECKPOINTER = """
from interlock.langgraph import InterlockSaver

def make() -> InterlockSaver:
    return InterlockSaver(%r)
"""


def free_port() -> int:
    """A loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; fail with its log if it ends or takes too long."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/ok", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"langgraph dev did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """A development server: its address, its database and its log."""
    database = tmp_path / "agent.db"
    (tmp_path / "graph.py").write_text(GRAPH)
    (tmp_path / "saver.py").write_text(CHECKPOINTER % str(database))
    (tmp_path / "langgraph.json").write_text(
        json.dumps(
            {
                "dependencies": ["."],
                "graphs": {"review": "./graph.py:graph"},
                "checkpointer": {"path": "./saver.py:make"},
            }
        )
    )
    port, log = free_port(), tmp_path / "log.txt"
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1"},
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, process, log)
        yield url, database, log
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def converse(url: str) -> tuple[Any, Any, str, str]:
    """Ask, copy the interrupted thread, answer; returns both results and both thread ids."""
    async with get_client(url=url) as client:
        thread = (await client.threads.create())["thread_id"]
        asked = await client.runs.wait(thread, "review", input={"topic": "q3"})
        copy = await client.http.post(f"/threads/{thread}/copy", json=None)
        answered = await client.runs.wait(thread, "review", command={"resume": {"ok": True}})
        state = await client.threads.get_state(thread)
        assert state["values"] == answered
        assert len(await client.threads.get_history(thread)) == 3
        return asked, answered, thread, copy["thread_id"]


def test_graph_is_interrupted_copied_and_resumed(server: tuple[str, Path, Path]) -> None:
    """The server keeps its threads in our database, and copies them with the saver's own verb."""
    url, database, log = server
    asked, answered, thread, copy = asyncio.run(converse(url))
    assert asked["__interrupt__"][0]["value"] == {"question": "ship it?", "topic": "q3"}
    assert answered == {"topic": "q3", "answer": {"ok": True}}
    assert "Using custom checkpointer: InterlockSaver" in log.read_text()
    with Engine.open(str(database), read_only=True) as engine:
        assert {thread, copy} <= set(engine.threads.list())
        assert engine.check().ok
