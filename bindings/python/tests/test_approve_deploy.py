"""The example approve_deploy: one process asks and waits, another answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import SOURCES, Child

FOLDER = Path(__file__).resolve().parents[1] / "examples/approve_deploy"
ANSWER = str(FOLDER / "answer.py")


def start(path: str, *arguments: str) -> subprocess.Popen[str]:
    """A deployment that has asked."""
    process = subprocess.Popen(
        [sys.executable, str(FOLDER / "deploy.py"), path, "v7", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "asked: Deploy v7 to production?\n"
    return process


def end(process: subprocess.Popen[str]) -> tuple[str, int]:
    """What it said after its question, and its exit code."""
    with process:
        assert process.stdout is not None
        said = process.stdout.read()  # not communicate(), which knows nothing of what is buffered
    return said, process.returncode


@pytest.mark.parametrize(("option", "code"), [("approve", 0), ("reject", 1)])
def test_another_process_decides(path: str, child: Child, option: str, code: int) -> None:
    deployment = start(path)
    try:
        # who is not of the role decides nothing
        assert "NOT_AUTHORIZED" in child(ANSWER, path, "eve", "sales", "approve", code=1).stdout
        assert child(ANSWER, path, "ana", "ops", option).stdout.split()[-1] == option
        expected = "deployed v7\n" if code == 0 else "not deployed: rejected\n"
        assert end(deployment) == (expected, code)
    finally:
        deployment.kill()
        deployment.wait()


def test_a_killed_deployment_finds_its_question_again(path: str, child: Child) -> None:
    deployment = start(path)
    deployment.send_signal(signal.SIGKILL)
    assert end(deployment) == ("", -signal.SIGKILL)
    child(ANSWER, path, "ana", "ops", "approve")
    assert end(start(path)) == ("deployed v7\n", 0)


def test_silence_is_no(path: str) -> None:
    assert end(start(path, "0.2")) == ("not deployed: rejected\n", 1)
