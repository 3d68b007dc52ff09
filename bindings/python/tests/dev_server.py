"""A development server of LangGraph, `langgraph dev`, whose checkpointer is an InterlockSaver."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import HERE, SOURCES
from interlock import Engine

CHECKPOINTER = """
from interlock.langgraph import InterlockSaver

def make() -> InterlockSaver:
    return InterlockSaver(%r)
"""


@dataclass(frozen=True)
class Server:
    """A server: its address, its database and what it has written."""

    url: str
    database: Path
    log: Path

    def engine(self) -> Engine:
        """The store of the server, opened by another process: this one."""
        return Engine.open(str(self.database), must_exist=True)


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


@contextmanager
def serving(folder: Path, *graphs: str) -> Iterator[Server]:
    """Serve graphs of the module `served_graphs`, each under its own name."""
    if find_spec("langgraph_api") is None:
        pytest.skip("langgraph-api is not installed: it needs Python 3.11 or newer")
    database, port, log = folder / "agent.db", free_port(), folder / "log.txt"
    (folder / "graphs.py").write_text(f"from served_graphs import {', '.join(graphs)}\n")
    (folder / "saver.py").write_text(CHECKPOINTER % str(database))
    (folder / "langgraph.json").write_text(
        json.dumps(
            {
                "dependencies": ["."],
                "graphs": {name: f"./graphs.py:{name}" for name in graphs},
                "checkpointer": {"path": "./saver.py:make"},
            }
        )
    )
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "NO_COLOR": "1",
                "PYTHONPATH": os.pathsep.join([str(SOURCES), str(HERE)]),
            },
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, process, log)
        yield Server(url, database, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
