"""What goes out to people and relays, and what is posted: how, how often, and if it fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from chat_tools import call, named, only_message
from guarded_agents import GO, SEND, Work, decisions, done, guarded, pending, thread
from interlock import (
    AlreadyResolvedError,
    ClosedError,
    Engine,
    Sending,
    TokenExpiredError,
    TokenInvalidError,
    TokenUsedError,
)
from interlock.langchain import InterlockResumeHandler
from interlock.langgraph import InterlockSaver
from review_tools import APPROVE, MINUTE, NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOUR = 60 * MINUTE


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with Engine.open(url, clock=NOON) as opened:
        yield opened


def due(engine: Engine) -> list[Sending]:
    return engine.deliveries.due()["deliveries"]


def test_X7_an_address_a_secret_and_how_long_a_decision_lives(engine: Engine) -> None:
    relay = "https://relay.example.com"
    engine.endpoints.put("relay", relay, secret=SECRET)
    agent = guarded(InterlockSaver(engine), Work(), [SEND], review={"expires_in": HOUR})
    agent.invoke(GO, thread())
    review = pending(engine)
    [sending] = due(engine)
    assert sending["url"] == relay
    assert b"review.opened" in sending["body"]
    assert engine.webhooks.verify(sending["body"], sending["headers"], secrets=[SECRET])
    engine.deliveries.report(sending["id"], sending["claim"], status="delivered")

    engine.set_time(NOON + HOUR - 1)
    engine.tick()
    assert pending(engine) == review
    engine.set_time(NOON + HOUR)
    with pytest.raises(AlreadyResolvedError):  # silence was a no
        engine.reviews.respond(review["id"], actor="ana", outcome="approved")
    expired = "Decision expired before a human response was received."
    assert engine.reviews.get(review["id"])["response"] == decisions(
        {"type": "reject", "message": expired}
    )
    [sending] = due(engine)
    assert b"review.resolved" in sending["body"]


@pytest.mark.parametrize("mode", ["batched", "per_call"])
def test_X43_one_question_is_sent_once_however_often_it_is_asked(engine: Engine, mode: Any) -> None:
    """What a relay counts: another question is another one, the same one again is none."""
    engine.endpoints.put("relay", "https://relay.example.com", types=["review.opened"])
    work = Work()
    agent = guarded(InterlockSaver(engine), work, [SEND, SEND, done()], interrupt_mode=mode)
    agent.invoke(GO, thread())
    for _ in range(3):
        agent.invoke(None, thread())
    [sending] = due(engine)
    engine.deliveries.report(sending["id"], sending["claim"], status="delivered")
    first = pending(engine)
    said = {"decisionId": first["id"], "identityId": "ana", "outcome": "approved"}
    InterlockResumeHandler(engine, agent).resume_from_webhook(said)
    agent.invoke(None, thread())
    assert pending(engine)["id"] != first["id"]
    assert len(due(engine)) == 1
    assert len([*engine.deliveries.list()]) == 2
    assert len(work.ran) == 1


def test_X47_a_question_that_reaches_nobody_is_seen_and_can_be_answered(engine: Engine) -> None:
    with socket.socket() as nobody:  # has a port, and does not listen
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        engine.endpoints.put("relay", address, attempts=1, types=["review.opened"])
        work = Work()
        agent = guarded(InterlockSaver(engine), work, [SEND, done()])
        agent.invoke(GO, thread())
        [sending] = due(engine)
        with pytest.raises(URLError) as refused:
            urlopen(Request(sending["url"], sending["body"], sending["headers"]), timeout=10)
    engine.deliveries.report(
        sending["id"], sending["claim"], status="failed", error=str(refused.value)
    )
    [dead] = engine.deliveries.list(status="dead")
    assert "refused" in (dead["error"] or "")
    assert work.ran == []
    review = pending(engine)  # fails closed, is in the list of open questions, and is not lost
    said = {"decisionId": review["id"], "identityId": "ana", "outcome": "approved"}
    InterlockResumeHandler(engine, agent).resume_from_webhook(said)
    assert len(work.ran) == 1
    assert engine.deliveries.retry(dead["id"])["status"] == "pending"


def test_P7_all_tools_post_the_same_way(engine: Engine) -> None:
    """Each posts one message into its channel, with its text, its level and its review."""
    asked = {"question": "?"}
    calls: list[tuple[str, dict[str, str], str, str | None]] = [
        ("send_message", {"text": "?", "status": "error"}, "error", None),
        ("ask_approval", asked, "warning", "approval"),
        ("ask_selection", {**asked, "options": "A, B"}, "info", "selection"),
        ("ask_form", {**asked, "fields": "Name"}, "info", "form"),
    ]
    tools = named(engine, timeout=0)
    assert {name for name, *_ in calls} == set(tools)
    for name, arguments, level, kind in calls:
        tools[name].invoke(call(name, **arguments))
        message = [*engine.messages.list("c")][-1]
        assert (message["channel"], message["text"], message["level"]) == ("c", "?", level)
        review = message["review"]
        assert (None if review is None else engine.reviews.get(review)["kind"]) == kind
    assert len([*engine.messages.list("c")]) == 4
    assert [*engine.messages.list("d")] == []


@pytest.mark.parametrize("name", ["send_message", "ask_approval"])
def test_P9_what_is_not_posted_raises(path: str, name: str) -> None:
    arguments = {"text": "?"} if name == "send_message" else {"question": "?"}
    with Engine.open(path) as engine:
        tool = named(engine, timeout=0)[name]
        tool.invoke(call(name, **arguments))
        only_message(engine)
    with pytest.raises(ClosedError):
        tool.invoke(call(name, **arguments))


def test_P49_a_subscriber_has_a_ticket_that_is_short_lived(engine: Engine) -> None:
    """A ticket opens one subscription to one channel; it decides nothing, and soon it is void."""
    issue = engine.tokens.issue
    ticket, late = (
        issue("subscribe", actor="ana", channel="c", expires_in=MINUTE)["token"] for _ in range(2)
    )
    claims = engine.tokens.redeem(ticket)
    assert (claims["purpose"], claims["channel"], claims["actor"]["value"]) == (
        "subscribe", "c", "ana",
    )  # fmt: skip
    with pytest.raises(TokenUsedError):
        engine.tokens.redeem(ticket)
    review = engine.reviews.open("approval", {})["review"]["id"]
    link = issue("decide", review=review, actor="ana", expires_in=MINUTE)["token"]
    for wrong, use in (
        (link, lambda token: engine.tokens.redeem(token)),
        (late, lambda token: engine.reviews.respond(token=token, response=APPROVE)),
        ("hp_an-api-key", lambda token: engine.tokens.redeem(token)),
    ):
        with pytest.raises(TokenInvalidError):
            use(wrong)
    assert engine.reviews.get(review)["status"] == "pending"
    engine.set_time(NOON + MINUTE)
    with pytest.raises(TokenExpiredError):
        engine.tokens.redeem(late)
