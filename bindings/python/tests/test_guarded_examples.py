"""The examples guarded_tools and signed_link, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from conftest import SOURCES, Child
from interlock import Engine

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@contextmanager
def running(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A program at work; it does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / program), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "WEBHOOK_SECRET": SECRET},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


# ------------------------------------------------------------------------- guarded_tools


@contextmanager
def server(path: str) -> Iterator[str]:
    with running("guarded_tools/server.py", path, "0") as process:
        yield f"http://127.0.0.1:{re.sub('[^0-9]', '', line(process))}"


def post(url: str, body: Any, headers: Any = None) -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(url, raw, dict(headers or {}), method="POST")
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def deliver(url: str, path: str, decision: str, who: str = "ana", outcome: str = "approved") -> Any:
    said = {"decisionId": decision, "identityId": who, "outcome": outcome}
    raw = json.dumps(said).encode()
    with Engine.open(path) as engine:
        headers = engine.webhooks.sign(raw, secrets=[SECRET])
    return post(f"{url}/decisions", raw, headers)


def test_N27_X33_X34_X41_X61_guarded_tools_behind_http(path: str) -> None:
    ledger = Path(path).with_suffix(".ledger")
    with server(path) as url:
        status, run = post(f"{url}/runs", {})
        assert (status, run["status"], run["title"]) == (200, "awaiting_decision", "Approve pay?")
        again = post(f"{url}/runs", {"thread_id": run["thread_id"]})[1]
        assert again == run
    with server(path) as url:  # killed, and started again
        decision = run["decision_id"]
        unknown = {"error": f"no pending LangChain interrupt for decision_id={decision!r}"}
        assert deliver(url, path, decision, who="bob") == (410, unknown)
        assert deliver(url, path, "nobody-knows")[0] == 410
        assert deliver(url, path, decision, outcome="perhaps")[0] == 400
        body = {"decisionId": decision, "identityId": "ana", "outcome": "approved"}
        assert post(f"{url}/decisions", body)[0] == 400  # not signed
        assert not ledger.exists()
        first = deliver(url, path, decision)
        assert first == (200, {"ok": True, "result": "That is all."})
        assert deliver(url, path, decision) == first
        assert deliver(url, path, decision, outcome="rejected")[0] == 409
        assert ledger.read_text() == "ACME 120\n"
        done = post(f"{url}/runs", {"thread_id": run["thread_id"]})[1]
        assert done["status"] == "completed"
        assert "paid 120 to ACME" in done["result"]


# --------------------------------------------------------------------------- signed_link


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_N26_approval_by_signed_link(path: str, tmp_path: Path, child: Child, verdict: str) -> None:
    mailbox = tmp_path / "mail.txt"
    with running("signed_link/agent.py", path, str(mailbox)) as agent:
        assert line(agent) == "asked mia@example.com: Approve publish?"
    title, *links = mailbox.read_text().splitlines()
    tokens = dict(link.split(" ") for link in links)
    assert title == "Approve publish?"

    page = str(EXAMPLES / "signed_link/open_link.py")
    with running("signed_link/agent.py", path, str(mailbox)) as agent:  # killed, started again
        assert line(agent) == "waiting"
        wrong = child(page, path, tokens["approve"], "reject", code=1)
        assert "refused: NOT_AUTHORIZED" in wrong.stderr
        said = child(page, path, tokens[verdict], verdict).stdout.splitlines()
        assert said[0] == "Approve publish? (mia@example.com)"
        assert said[1] == ("approved" if verdict == "approve" else "rejected")
        assert agent.stdout is not None
        left = agent.stdout.read().splitlines()
    assert ("publishing Q3" in left) == (verdict == "approve")
    assert left[-1] == "ai: That is all."
    assert child(page, path, tokens[verdict], verdict).stdout.splitlines()[1] == "as before"
