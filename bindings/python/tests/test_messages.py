"""Messages: posting, idempotency, tries, listing, acknowledging, deleting."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import interlock
from interlock import Engine, InterlockError, Message, Status
from review_tools import APPROVE, NOON

QUESTION: dict[str, Any] = {"kind": "approval", "payload": {}}


def test_P8_a_posted_message_is_returned_as_stored(engine: Engine) -> None:
    posted = engine.messages.post("c", "hello", sender="agent", metadata={"run": 1})
    assert engine.messages.get(posted["id"]) == posted
    assert [*engine.messages.list("c")] == [posted]
    assert posted["metadata"] == {"run": 1}


def test_P10_a_message_asks_nothing(engine: Engine) -> None:
    posted = engine.messages.post("c", "Deploying.", sender="agent")
    assert posted["level"] == "info"
    assert posted["review"] is None
    assert [*engine.reviews.list()] == []


def test_P11_the_text_is_kept_to_the_letter(engine: Engine) -> None:
    text = "# Report\n\n| a | b |\n|---|---|\n| **1** | `\u0000` é e\u0301 \U0001f600 |\n"
    assert engine.messages.post("c", text, sender="agent")["text"] == text


@pytest.mark.parametrize("level", ["info", "success", "warning", "error"])
def test_P12_the_levels(engine: Engine, level: Any) -> None:
    assert engine.messages.post("c", sender="agent", level=level)["level"] == level
    for wrong in ("Info", "fatal", ""):
        with pytest.raises(interlock.InvalidArgumentError) as caught:
            engine.messages.post("c", "a", sender="agent", level=wrong)  # type: ignore[arg-type]
        assert caught.value.path == "/level"


def test_P36_a_review_leads_to_its_message_and_back(engine: Engine) -> None:
    posted = engine.messages.post("c", "May I?", sender="agent", review=QUESTION)
    review = engine.reviews.get(external_id=posted["id"])
    assert review["id"] == posted["review"]
    assert review["channel"] == "c"
    engine.reviews.respond(external_id=posted["id"], actor="ana", response=APPROVE)
    assert engine.reviews.wait(review["id"], timeout=0)["outcome"] == "approved"


def test_the_times_of_a_review_are_as_in_open(engine: Engine) -> None:
    question = {**QUESTION, "expires_in": timedelta(minutes=1)}
    posted = engine.messages.post("c", "May I?", sender="agent", review=question)
    review = engine.reviews.get(external_id=posted["id"])
    assert review["next_at"] == review["created_at"] + 60_000


def test_P45_an_agent_hears_what_is_said_in_its_channel(engine: Engine) -> None:
    def say() -> None:
        engine.messages.post("other", "not for you", sender="user")
        engine.messages.post("mine", "hello", sender="user", actor="ana")

    speaker = threading.Timer(0.05, say)
    speaker.start()
    page = engine.events.wait(channel="mine", types=["message.created"], timeout=30)
    speaker.join()
    [event] = page["events"]
    message = engine.messages.get(event["body"]["message"])
    assert message["text"] == "hello"
    assert message["actor"] == {"type": "user_id", "value": "ana"}


def test_P46_every_message_is_an_event_without_its_text(engine: Engine) -> None:
    posted = engine.messages.post("c", "for your eyes", sender="user", level="warning")
    engine.messages.ack(posted["id"], actor="bot")
    engine.messages.delete(posted["id"])
    events = [*engine.events.list(channel="c")]
    types = [event["type"] for event in events]
    assert types == ["message.created", "message.acked", "message.deleted"]
    assert all(event["body"]["message"] == posted["id"] for event in events)
    assert events[0]["body"]["sender"] == "user"
    assert events[0]["body"]["level"] == "warning"
    assert "for your eyes" not in str(events)


def test_P47_only_what_people_say_and_each_once(engine: Engine) -> None:
    engine.messages.post("c", "mine", sender="agent")
    first = engine.messages.post("c", "one", sender="user", client_key="1")
    again = engine.messages.post("c", "one", sender="user", client_key="1")
    assert again == first
    engine.messages.post("c", "", sender="user", level="info")  # an empty text is none
    said = [*engine.messages.list("c", sender="user")]
    assert [message["text"] for message in said] == ["one", None]
    assert [*engine.messages.list("c", sender="user", after=said[-1]["seq"])] == []


def test_P48_a_conversation_is_read_in_order(engine: Engine) -> None:
    sides: list[Any] = ["user", "agent", "user"]
    for number, sender in enumerate(sides):
        engine.messages.post("c", str(number), sender=sender)
    read = [(m["sender"], m["text"]) for m in engine.messages.list("c", page_size=2)]
    assert read == [("user", "0"), ("agent", "1"), ("user", "2")]


def test_P54_both_sides(engine: Engine) -> None:
    for wrong in ("human", "User", "", 7):
        with pytest.raises(interlock.InvalidArgumentError) as caught:
            engine.messages.post("c", "a", sender=wrong)  # type: ignore[arg-type]
        assert caught.value.path == "/sender"


def tries(engine: Engine) -> Message:
    first = engine.messages.post("c", "a", sender="agent")
    engine.messages.post("c", "b", sender="agent", iteration_of=first["id"])
    return first


def asked(engine: Engine, **members: Any) -> Message:
    return engine.messages.post("c", sender="agent", review={**QUESTION, **members})


def follow(engine: Engine, message: str, channel: str = "c") -> Message:
    return engine.messages.post(channel, "again", sender="agent", iteration_of=message)


def posted_twice(engine: Engine) -> None:
    engine.messages.post("c", "a", sender="agent", client_key="k")
    engine.messages.post("c", "b", sender="agent", client_key="k")


CASES: list[tuple[Status, Callable[[Engine], Any]]] = [
    (Status.INVALID_ITERATION, lambda e: follow(e, "msg_0")),
    (Status.INVALID_ITERATION, lambda e: follow(e, asked(e)["id"])),
    (Status.INVALID_ITERATION, lambda e: follow(e, tries(e)["id"], channel="d")),
    (Status.IN_GROUP, lambda e: e.messages.delete(tries(e)["id"])),
    (Status.UNKNOWN_MESSAGE, lambda e: e.messages.get("msg_0")),
    (Status.UNKNOWN_MESSAGE, lambda e: e.messages.ack("msg_0")),
    (Status.UNKNOWN_MESSAGE, lambda e: e.messages.delete("msg_0")),
    (Status.IDEMPOTENCY_MISMATCH, posted_twice),
    (Status.INVALID_PAYLOAD, lambda e: asked(e, payload=7)),
    (Status.INVALID_DEADLINE, lambda e: asked(e, expires_in=0)),
    (Status.UNKNOWN_POLICY, lambda e: asked(e, policy="no such policy")),
    (Status.TOO_LARGE, lambda e: e.messages.post("c", "x" * (1 << 20) + "x", sender="agent")),
    (Status.INVALID_ARGUMENT, lambda e: e.messages.post("c", sender="agent")),
    (Status.INVALID_ARGUMENT, lambda e: e.messages.post("", "a", sender="agent")),
]


@pytest.mark.parametrize(("status", "refused"), CASES)
def test_each_refusal(engine: Engine, status: Status, refused: Callable[[Engine], Any]) -> None:
    with pytest.raises(InterlockError) as caught:
        refused(engine)
    assert caught.value.code is status
    assert type(caught.value) is interlock.errors._TABLE[status][0]
    assert caught.value.details["code"] == status.name
    report = engine.check()
    assert report.ok, report.problems


def test_a_try_follows_what_was_decided_or_has_expired(url: str) -> None:
    with Engine.open(url, clock=NOON) as engine:
        first = asked(engine, expires_in=1000)
        engine.set_time(NOON + 1000)
        second = follow(engine, first["id"])
        assert (second["group"], second["iteration"]) == (first["id"], 2)
        third = follow(engine, first["id"])
        assert (third["group"], third["iteration"]) == (first["id"], 3)
        assert engine.messages.get(first["id"])["group"] == first["id"]


def test_acknowledged_once(engine: Engine) -> None:
    posted = engine.messages.post("c", "a", sender="user")
    acked = engine.messages.ack(posted["id"], actor="bot")
    assert acked["delivery_status"] == "acked"
    assert acked["acked_by"] == {"type": "user_id", "value": "bot"}
    assert engine.messages.ack(posted["id"], actor="other") == acked
    assert len([*engine.events.list(types=["message.acked"])]) == 1


def test_a_deleted_message_takes_its_question_along(engine: Engine) -> None:
    posted = asked(engine)
    assert engine.messages.delete(posted["id"], actor="ana") == posted
    review = posted["review"]
    assert review is not None
    assert engine.reviews.get(review)["status"] == "cancelled"
    assert [*engine.messages.list("c")] == []
    assert engine.audit.verify().ok


def test_many_threads_post_one_message(engine: Engine) -> None:
    ids: list[str] = []

    def post() -> None:
        message = engine.messages.post("c", "a", sender="agent", client_key="k", review=QUESTION)
        ids.append(message["id"])

    workers = [threading.Thread(target=post) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(ids) == 8
    assert len({*ids}) == len([*engine.messages.list("c")]) == len([*engine.reviews.list()]) == 1


def test_beside_an_event_loop(engine: Engine) -> None:
    async def talk() -> None:
        posted = await engine.messages.apost("c", "a", sender="agent")
        assert await engine.messages.aget(posted["id"]) == posted
        assert (await engine.messages.apage("c"))["messages"] == [posted]
        assert [message async for message in engine.messages.alist("c")] == [posted]
        acked = await engine.messages.aack(posted["id"])
        assert await engine.messages.adelete(posted["id"]) == acked

    asyncio.run(talk())
