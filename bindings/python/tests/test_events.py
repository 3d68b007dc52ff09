"""Events: gap-free, in order, followed live, delivered at least once."""

from __future__ import annotations

import asyncio
import itertools
import signal
import threading
import time
from typing import Any

import pytest

from interlock import Engine, InvalidArgumentError, WaitTimeoutError
from review_tools import APPROVE, ask_id, python


def test_events_are_gap_free_and_in_order(engine: Engine) -> None:
    ids = [ask_id(engine, thread=f"t{n}", channel="ops") for n in range(3)]
    engine.reviews.claim(ids[0], actor="ana")
    engine.reviews.respond(ids[0], actor="ana", response=APPROVE)
    engine.reviews.comment(ids[1], actor="ana", text="hm")
    engine.reviews.cancel(ids[1])
    events = [*engine.events.list()]
    assert [event["seq"] for event in events] == [*range(1, len(events) + 1)]
    types = {event["type"] for event in events}
    assert {
        "review.opened",
        "review.claimed",
        "review.resolved",
        "review.commented",
        "review.cancelled",
    } <= types
    assert all(isinstance(event["body"], dict) for event in events)
    page = engine.events.read(limit=2)
    assert (page["events"], page["next"], page["last"]) == (events[:2], 2, len(events))
    assert engine.events.read(after=2)["events"] == events[2:]
    for filters, expected in (
        ({"types": ["review.opened"]}, ids),
        ({"review": ids[2]}, ids[2:]),
        ({"thread": "t2"}, ids[2:]),
        ({"channel": "none"}, []),
        ({"types": ["review.cancelled"]}, [ids[1]]),
    ):
        assert [event["review"] for event in engine.events.list(**filters)] == expected


def test_a_wait_for_events(engine: Engine) -> None:
    first = ask_id(engine)
    page = engine.events.wait(timeout=0)
    assert page["events"][0]["review"] == first
    with pytest.raises(WaitTimeoutError):
        engine.events.wait(after=page["last"], timeout=0.15)
    timer = threading.Timer(0.1, ask_id, (engine,))
    timer.start()
    assert engine.events.wait(after=page["last"], timeout=5)["events"]
    timer.join()


def test_following_events(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    timer = threading.Timer(0.2, lambda: ids.append(ask_id(engine)))
    timer.start()
    seen = [event["review"] for event in engine.events.follow(timeout=0.8)]
    timer.join()
    assert seen == ids
    assert len(ids) == 4


async def test_events_in_an_event_loop(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    page = await engine.events.aread(limit=1)
    assert page["next"] == 1
    assert [event["review"] async for event in engine.events.alist()] == ids
    assert (await engine.events.await_(timeout=0))["events"]
    last = page["last"]
    for timeout in (0, 0.1):
        with pytest.raises(WaitTimeoutError):
            await engine.events.await_(after=last, timeout=timeout)

    async def collect() -> list[str]:
        return [event["review"] async for event in engine.events.afollow(after=last, timeout=0.8)]

    collecting = asyncio.create_task(collect())
    await asyncio.sleep(0.1)
    started = time.monotonic()
    new = [ask_id(engine) for _ in range(2)]
    page = await engine.events.await_(after=last, types=["review.opened"])
    assert page["events"][0]["review"] == new[0]
    assert time.monotonic() - started < 0.5
    assert await collecting == new
    assert engine.handle.watches == {}
    assert (await engine.events.aack("c", 2)) == {"cursor": "c", "seq": 2}


def test_cursors_are_durable(path: str) -> None:
    with Engine.open(path) as engine:
        ids = [ask_id(engine) for _ in range(4)]
        assert engine.events.ack("mailer", 2) == {"cursor": "mailer", "seq": 2}
        assert engine.events.ack("mailer", 1)["seq"] == 2  # never back
        with pytest.raises(InvalidArgumentError):
            engine.events.ack("mailer", 5)
        assert len([*engine.events.list(cursor="other")]) == 4
    with Engine.open(path) as engine:
        assert [event["review"] for event in engine.events.list(cursor="mailer")] == ids[2:]


def test_a_consumer_gets_what_failed_again(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(4)]
    seen: list[str] = []

    def consume(fail_at: int | None, stop_at: int | None = None) -> None:
        with engine.events.consumer("c", timeout=0) as consumer:
            for event in consumer:
                seen.append(event["review"])
                if event["seq"] == fail_at:
                    raise OSError("no mail today")
                if event["seq"] == stop_at:
                    break

    with pytest.raises(OSError):
        consume(fail_at=2)
    assert seen == ids[:2]
    seen.clear()
    consume(fail_at=None, stop_at=3)  # a break after the work is no failure
    assert seen == ids[1:3]
    seen.clear()
    consume(fail_at=None)
    consume(fail_at=None)
    assert seen == ids[3:]


async def test_a_consumer_in_an_event_loop(engine: Engine) -> None:
    ids = [ask_id(engine) for _ in range(3)]
    seen: list[str] = []
    with pytest.raises(OSError):
        async with engine.events.consumer("c", timeout=0.1) as consumer:
            async for event in consumer:
                seen.append(event["review"])
                if len(seen) == 2:
                    raise OSError("no mail today")
    async with engine.events.consumer("c", types=["review.opened"], timeout=0.1) as consumer:
        async for event in consumer:
            seen.append(event["review"])
            await consumer.aack()
    assert seen == [ids[0], ids[1], ids[1], ids[2]]


CONSUMER = """
import sys
from interlock import Engine
engine = Engine.open(sys.argv[1])
with engine.events.consumer("worker") as consumer:
    for event in consumer:
        print(event["seq"], flush=True)
"""


def test_a_killed_consumer_goes_on_at_least_once(path: str) -> None:
    with Engine.open(path) as engine:
        for _ in range(30):
            ask_id(engine)
        heard: list[list[int]] = []
        for count in (7, 9):
            with python(CONSUMER, path) as process:
                assert process.stdout is not None
                heard.append([int(process.stdout.readline()) for _ in range(count)])
                process.send_signal(signal.SIGKILL)
                heard[-1] += [int(line) for line in process.stdout]
        with engine.events.consumer("worker", timeout=0) as consumer:
            heard.append([event["seq"] for event in consumer])
        for before, after in itertools.pairwise(heard):
            if after:
                # what was acknowledged does not come again, what was not does
                assert after[0] in (before[-1], before[-1] + 1)
        everything: set[int] = set().union(*map(set, heard))
        assert everything == set(range(1, 31))


def test_secrets_do_not_appear_in_events_or_audit(engine: Engine) -> None:
    fields: list[Any] = [{"name": "token", "type": "password"}]
    id = engine.reviews.open("form", {"fields": fields})["review"]["id"]
    secret = "hunter2-hunter2"
    ended = engine.reviews.respond(id, actor="ana", response={"token": secret})["review"]
    assert ended["response"] == {"token": secret}
    assert secret not in str([*engine.events.list()])
    assert secret not in str([*engine.audit.list()])
