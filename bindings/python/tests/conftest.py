"""Shared fixtures: stores of each kind, savers on them, and child processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from interlock import Engine
from interlock.langgraph import InterlockSaver, _loops

HERE = Path(__file__).parent
HEADER = HERE.parents[2] / "include" / "interlock.h"
SOURCES = HERE.parent / "src"

needs_loops: Any = pytest.mark.skipif(
    not _loops.KEEP_CONTEXT,
    reason="before Python 3.11 LangGraph's interrupt() finds no config in an event loop",
)
LOOPS: Any = pytest.mark.parametrize("native", [pytest.param(True, marks=needs_loops), False])


@pytest.fixture(params=["file", ":memory:", "memory:"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One store of each kind."""
    return str(tmp_path / "store.db") if request.param == "file" else str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A database file that does not exist yet."""
    return str(tmp_path / "store.db")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine.open(url) as opened:
        yield opened


@pytest.fixture
def saver(url: str) -> Iterator[InterlockSaver]:
    with InterlockSaver(url) as opened:
        yield opened


Child = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def child() -> Child:
    """Runs Python in a child process; a child that dies by a signal fails the test."""

    def run(
        *arguments: str, code: int | None = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        search = os.pathsep.join([str(SOURCES), str(HERE)])
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONPATH": search, **environment},
            check=False,
        )
        report = f"{arguments}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode >= 0, f"the child died by a signal: {report}"
        if code is not None:
            assert done.returncode == code, report
        return done

    return run
