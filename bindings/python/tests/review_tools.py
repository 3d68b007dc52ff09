"""Questions to ask, and children that answer them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interlock import Engine, Review

HERE = Path(__file__).parent
SOURCES = HERE.parent / "src"
APPROVE = {"selectedOption": "approve"}
REJECT = {"selectedOption": "reject"}
NOON = 1_800_000_000_000  # where the manual clocks of the tests begin
MINUTE = 60_000


def ask(engine: Engine, **members: Any) -> Review:
    """A pending approval."""
    return engine.reviews.open("approval", {}, **members)["review"]


def ask_id(engine: Engine, **members: Any) -> str:
    return ask(engine, **members)["id"]


def by(*names: str, **members: Any) -> dict[str, Any]:
    """A stage that these people decide."""
    return {"approvers": [{"type": "user_id", "value": name} for name in names], **members}


def chain(*stages: dict[str, Any], **members: Any) -> Any:
    """A policy of these stages."""
    return {"stages": list(stages), **members}


@contextmanager
def python(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A child that runs a program; it does not outlive the block."""
    search = os.pathsep.join([str(SOURCES), str(HERE)])
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
