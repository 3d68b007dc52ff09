"""The examples chat_agent, two_levels and support, in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import SOURCES, Child
from interlock import Engine

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
HUMAN = str(EXAMPLES / "chat_agent/human.py")
ANSWER = str(EXAMPLES / "approve_deploy/answer.py")
SUPPORT = str(EXAMPLES / "support/support.py")


@contextmanager
def running(program: str, *arguments: str) -> Generator[subprocess.Popen[str], None, None]:
    """An agent at work; it does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / program), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def rest(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.read().splitlines()


def wait_for_a_question(engine: Engine, after: int = 0) -> str:
    """The id of the review that was opened."""
    page = engine.events.wait(types=["review.opened"], after=after, timeout=60)
    review = page["events"][0]["review"]
    assert review is not None
    return review


# ----------------------------------------------------------------------------- chat_agent


@pytest.mark.parametrize(
    ("option", "last"),
    [("approve", "success: Done: deploy v7 to staging."), ("reject", "error: Not deployed.")],
)
def test_P42_P55_a_chat_with_an_agent(path: str, child: Child, option: str, last: str) -> None:
    with running("chat_agent/agent.py", path) as agent:
        assert line(agent) == "listening"
        assert child(HUMAN, path, "hello").stdout == "info: I can only deploy, not 'hello'.\n"
        assert child(HUMAN, path, "deploy v7", option).stdout.splitlines() == [
            "info: Where do I deploy v7?",
            "info: Who is told?",
            "warning: deploy v7 to **staging** (name: my name, reason: my reason)?",
            last,
        ]
        child(HUMAN, path, "bye")
        assert agent.wait(30) == 0


def test_P44_a_timeout_is_not_asked_again(path: str, child: Child) -> None:
    with running("chat_agent/agent.py", path, "0.3") as agent:
        assert line(agent) == "listening"
        assert child(HUMAN, path, "deploy v7", "silent").stdout.splitlines() == [
            "info: Where do I deploy v7?",
            "warning: I stop: you did not respond in time.",
        ]
        # the next wish begins anew
        assert "Done" in child(HUMAN, path, "deploy v8", "approve").stdout
    with Engine.open(path) as engine:
        assert [r["title"] for r in engine.reviews.list(status="pending")] == [
            "Where do I deploy v7?"
        ]


def test_a_killed_chat_agent_goes_on_with_its_question(path: str, child: Child) -> None:
    with Engine.open(path) as engine:
        engine.messages.post("deployer", "deploy v7", sender="user")
        with running("chat_agent/agent.py", path) as agent:
            id = wait_for_a_question(engine)
            agent.send_signal(signal.SIGKILL)
        engine.reviews.respond(id, actor="ana", response={"selectedIds": ["production"]})
        mark = engine.events.list(review=id)
        seq = max(event["seq"] for event in mark)
        with running("chat_agent/agent.py", path):
            form = wait_for_a_question(engine, after=seq)
            assert engine.reviews.get(form)["kind"] == "form"
        texts = [message["text"] for message in engine.messages.list("deployer")]
        assert texts == ["deploy v7", "Where do I deploy v7?", "Who is told?"]


# ----------------------------------------------------------------------------- two_levels


@pytest.mark.parametrize(
    ("options", "result"),
    [
        (("approve", "approve"), "Deleted customers."),
        (("approve", "reject"), "customers was NOT deleted: rejected."),
        (("reject",), "customers was NOT deleted: rejected."),
    ],
    ids=["N33-N34", "N33-N34-no", "N34-N35"],
)
def test_two_levels(path: str, child: Child, options: tuple[str, ...], result: str) -> None:
    with Engine.open(path) as engine:
        with running("two_levels/agent.py", path) as agent:
            assert line(agent) == "starts"
            wait_for_a_question(engine)
            agent.send_signal(signal.SIGKILL)  # nothing is lost
        with running("two_levels/agent.py", path) as agent:
            assert line(agent) == "goes on"
            early = child(ANSWER, path, "dan", "director", "approve", code=1)
            assert "NOT_AUTHORIZED" in early.stdout
            for (name, role), option in zip(
                (("mia", "manager"), ("dan", "director")), options, strict=False
            ):
                child(ANSWER, path, name, role, option)
            said = rest(agent)
            assert agent.wait(30) == 0
        assert said.count("deleting customers") == (result == "Deleted customers.")
        assert said[-2:] == ["list_databases: customers, orders", f"delete_database: {result}"]
        assert len([*engine.reviews.list()]) == 1


def test_N28_a_manager_who_clicks_twice_is_no_director(path: str, child: Child) -> None:
    with Engine.open(path) as engine, running("two_levels/agent.py", path):
        id = wait_for_a_question(engine)
        for _ in range(2):
            child(ANSWER, path, "mia", "manager", "approve")
        # nor as a director
        child(ANSWER, path, "mia", "director", "approve")  # her first answer again
        assert "ALREADY_VOTED" in child(ANSWER, path, "mia", "director", "reject", code=1).stdout
        assert engine.reviews.get(id)["stage"] == "director"


# -------------------------------------------------------------------------------- support


def test_S29_S30_escalation_and_feedback(path: str, child: Child) -> None:
    def support(*arguments: str) -> list[str]:
        command, *others = arguments
        return child(SUPPORT, command, path, *others).stdout.splitlines()

    assert support("ask", "How do I log in?") == ["agent: Click on Log in."]
    up = ["agent -> senior_agent: confidence"]
    assert support("ask", "Why is it slow?") == [*up, "senior_agent: It is the index."]

    refund = "May I have a refund?"
    up = ["agent -> senior_agent: sensitive", "senior_agent -> human: sensitive"]
    assert support("ask", refund) == [*up, "waits for human"]
    assert support("ask", refund) == [*up, "waits for human"]
    assert support("answer", "ana", "Of course.") == [
        "agent would say: I would say no.",
        "senior_agent would say: I would say no.",
    ]
    assert support("ask", refund) == [*up, "human: Of course."]

    support("rate", refund, "1", "kind")
    support("rate", "How do I log in?", "0.5")
    assert support("summary") == ["helpfulness: 0.75 of 2"]
    assert "INVALID_RESPONSE" in child(SUPPORT, "rate", path, "Why is it slow?", "7", code=1).stderr
